namespace SessionReplay.Queues;

/// <summary>Lets one of several concurrent callers settle a delivery.</summary>
/// <param name="messageId">The delivery's message, for errors.</param>
internal sealed class Settlement(string messageId)
{
    private readonly Lock _lock = new();
    private bool _hasBegun;

    internal bool HasBegun
    {
        get
        {
            lock (_lock)
            {
                return _hasBegun;
            }
        }
    }

    /// <exception cref="InvalidOperationException">The delivery was settled or disposed before.</exception>
    internal void Begin()
    {
        if (!TryBegin())
        {
            throw new InvalidOperationException($"The delivery of {messageId} was settled before.");
        }
    }

    /// <summary>Begins it unless somebody else has.</summary>
    internal bool TryBegin()
    {
        lock (_lock)
        {
            return !_hasBegun && (_hasBegun = true);
        }
    }

    /// <summary>Lets the delivery be settled again: nothing was done.</summary>
    internal void Undo()
    {
        lock (_lock)
        {
            _hasBegun = false;
        }
    }

    /// <summary>Starts work that must not start once the settlement has begun.</summary>
    internal Task StartBefore(Func<Task> work)
    {
        lock (_lock)
        {
            return _hasBegun ? Task.CompletedTask : work();
        }
    }
}
