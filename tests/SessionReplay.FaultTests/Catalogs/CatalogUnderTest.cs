using SessionReplay.FaultTests.Hosts;

namespace SessionReplay.FaultTests.Catalogs;

/// <summary>A catalog that holds sessions while the store is away, and how the processes are told to use it.</summary>
public abstract class CatalogUnderTest : IAsyncDisposable
{
    /// <summary>The adapter's name, for the figures.</summary>
    public abstract string Adapter { get; }

    /// <summary>The roles of the processes, one item for each; the last one is the worker.</summary>
    public abstract IReadOnlyList<string> Roles { get; }

    /// <summary>Looks into it.</summary>
    internal abstract ICatalogView View { get; }

    /// <summary>Starts it; skips the test where it is not installed.</summary>
    public abstract Task StartAsync();

    /// <summary>The settings of the processes.</summary>
    /// <param name="maxBytes">The size at which nothing more is recorded; <see langword="null"/> for the default.</param>
    public abstract Dictionary<string, string?> Settings(long? maxBytes);

    /// <summary>Gives back at once what time alone would.</summary>
    public abstract Task PassTimeAsync();

    /// <summary>Reads what it takes on the disk.</summary>
    public abstract Task<long> ReadSizeAsync();

    public abstract ValueTask DisposeAsync();
}
