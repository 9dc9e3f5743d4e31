namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Lets a few requests at a time be decompressed, checked and sanitized. An address that has had little done has its bodies of ordinary
/// size done promptly. All others go through a lane that leaves processors free. In a lane an address that sends much waits longer than one
/// that sends little (self-clocked fair queueing, Golestani 1994).
/// </summary>
internal sealed class WorkGate(TimeProvider clock)
{
    internal const int MaxWaiting = 512;

    /// <summary>Holds once half of the places are taken: visitors of one company share an address.</summary>
    internal const int MaxWaitingOfAddress = 32;

    /// <summary>A batch with the snapshot of a large page.</summary>
    private const int PromptBytes = 1024 * 1024;

    /// <summary>
    /// What an address may have done promptly, in bytes a second; sixteen times of it at once. A visitor sends a tenth of it.
    /// </summary>
    private const int PromptBytesPerSecond = 256 * 1024;

    private readonly WorkBudget _prompt = new(PromptBytesPerSecond, clock);
    private readonly Lane _ordinary = new(Math.Max(1, Environment.ProcessorCount));
    private readonly Lane _heavy = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Waits for a turn.</summary>
    /// <param name="address">Who asks (<see cref="TokenBuckets.NameOf"/>).</param>
    /// <param name="bytes">How much work it is: the size after decompression.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The turn; the caller disposes it.</returns>
    /// <exception cref="IngestRejectedException">Too many wait.</exception>
    public ValueTask<IDisposable> EnterAsync(string address, long bytes, CancellationToken cancellationToken) =>
        (bytes <= PromptBytes && _prompt.Charge(address, bytes + Lane.BaseCost) is null ? _ordinary : _heavy)
            .EnterAsync(address, bytes, cancellationToken);

    private sealed class Lane(int width)
    {
        /// <summary>What a request costs however small it is, in bytes.</summary>
        public const int BaseCost = 16 * 1024;

        private const int MaxKnown = 10_000;

        private readonly Lock _lock = new();
        private readonly PriorityQueue<Waiter, double> _waiting = new();
        private readonly Dictionary<string, (double Finish, int Waiting)> _addresses = new(StringComparer.Ordinal);
        private double _now;
        private int _free = width;

        public async ValueTask<IDisposable> EnterAsync(string address, long bytes, CancellationToken cancellationToken)
        {
            Waiter waiter;
            lock (_lock)
            {
                var known = _addresses.GetValueOrDefault(address);
                if (_free == 0
                    && (_waiting.Count >= MaxWaiting || (_waiting.Count >= MaxWaiting / 2 && known.Waiting >= MaxWaitingOfAddress)))
                {
                    throw IngestProblems.Unavailable("overloaded", "Too many requests wait for their turn.");
                }

                var finish = Math.Max(_now, known.Finish) + bytes + BaseCost;
                var waits = _free == 0;
                _addresses[address] = (finish, known.Waiting + (waits ? 1 : 0));
                Forget();
                if (!waits)
                {
                    // Also while nobody waits: else an address that was busy in a quiet time would stand behind all that come later.
                    _now = finish;
                    _free--;
                    return new Turn(this);
                }

                waiter = new(address, finish);
                _waiting.Enqueue(waiter, finish);
            }

            await using var _ = cancellationToken.Register(() => Cancel(waiter, cancellationToken)).ConfigureAwait(false);
            return await waiter.Source.Task.ConfigureAwait(false);
        }

        /// <summary>Who goes away gives the place to others at once.</summary>
        private void Cancel(Waiter waiter, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                if (waiter.Source.TrySetCanceled(cancellationToken) && _waiting.Remove(waiter, out var _, out var _))
                {
                    Uncount(waiter);
                }
            }
        }

        private void Uncount(Waiter waiter)
        {
            var (finish, waiting) = _addresses[waiter.Address];
            _addresses[waiter.Address] = (finish, waiting - 1);
        }

        private void Leave()
        {
            lock (_lock)
            {
                while (_waiting.TryDequeue(out var next, out _))
                {
                    Uncount(next);
                    _now = Math.Max(_now, next.Finish);
                    if (next.Source.TrySetResult(new Turn(this)))
                    {
                        return;
                    }
                }

                _free++;
            }
        }

        /// <summary>Addresses whose work is done have no advantage left to remember.</summary>
        private void Forget()
        {
            if (_addresses.Count <= MaxKnown)
            {
                return;
            }

            foreach (var (address, _) in _addresses.Where(known => known.Value.Waiting == 0).OrderBy(known => known.Value.Finish)
                .Take(MaxKnown / 2).ToList())
            {
                _addresses.Remove(address);
            }
        }

        private sealed class Waiter(string address, double finish)
        {
            public string Address => address;

            public double Finish => finish;

            public TaskCompletionSource<IDisposable> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        private sealed class Turn(Lane lane) : IDisposable
        {
            private Lane? _lane = lane;

            public void Dispose() => Interlocked.Exchange(ref _lane, null)?.Leave();
        }
    }
}
