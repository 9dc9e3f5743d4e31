namespace SessionReplay.Queues.RabbitMQ;

/// <summary>A connection to a broker with what belongs to it. It is never repaired: another takes its place.</summary>
internal interface ILink : IAsyncDisposable
{
    /// <summary>Gets a value indicating whether it can be used; once it cannot, it never can again.</summary>
    bool IsAlive { get; }
}
