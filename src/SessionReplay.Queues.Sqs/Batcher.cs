namespace SessionReplay.Queues.Sqs;

/// <summary>
/// Group commit: an entry is sent at once while fewer requests than allowed are under way; what comes in between is gathered and goes
/// together with the next request that ends. So a quiet queue has no delay and a busy one full batches.
/// </summary>
/// <typeparam name="T">An entry.</typeparam>
/// <param name="concurrency">How many requests are under way at most.</param>
/// <param name="maxBytes">The maximum total of the entries' sizes in a request.</param>
/// <param name="send">Sends a request; returns why single entries failed, by their place.</param>
internal sealed class Batcher<T>(int concurrency, int maxBytes, Func<IReadOnlyList<T>, Task<IReadOnlyDictionary<int, Exception>>> send)
{
    /// <summary>The service's own limit.</summary>
    internal const int MaxEntries = 10;

    private readonly Lock _lock = new();
    private readonly Queue<Pending> _pending = new();
    private int _running;

    /// <summary>Adds an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="bytes">Its size as the service counts it.</param>
    /// <param name="cancellationToken">Ends the wait; an entry whose request has not begun is then not sent.</param>
    /// <returns>A task that ends when the service has confirmed the entry.</returns>
    internal async Task AddAsync(T entry, int bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new Pending(entry, bytes);
        lock (_lock)
        {
            _pending.Enqueue(pending);
            if (_running < concurrency)
            {
                _running++;
                _ = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        try
        {
            await pending.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            pending.IsGivenUp = true;
            throw;
        }
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                var failures = await send(batch.ConvertAll(pending => pending.Entry)).ConfigureAwait(false);
                for (var i = 0; i < batch.Count; i++)
                {
                    if (failures.TryGetValue(i, out var failure))
                    {
                        batch[i].Done.TrySetException(failure);
                    }
                    else
                    {
                        batch[i].Done.TrySetResult();
                    }
                }
            }
            catch (Exception e)
            {
                batch.ForEach(pending => pending.Done.TrySetException(e));
            }
        }
    }

    /// <summary>Takes what fits into a request; nothing ends the caller's run.</summary>
    private List<Pending> Take()
    {
        var batch = new List<Pending>(MaxEntries);
        var bytes = 0;
        lock (_lock)
        {
            while (batch.Count < MaxEntries && _pending.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Bytes <= maxBytes))
            {
                _pending.Dequeue();
                if (!next.IsGivenUp)
                {
                    batch.Add(next);
                    bytes += next.Bytes;
                }
            }

            if (batch.Count == 0)
            {
                _running--;
            }
        }

        return batch;
    }

    private sealed class Pending(T entry, int bytes)
    {
        internal T Entry { get; } = entry;

        internal int Bytes { get; } = bytes;

        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal volatile bool IsGivenUp;
    }
}
