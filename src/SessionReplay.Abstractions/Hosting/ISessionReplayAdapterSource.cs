namespace SessionReplay;

/// <summary>
/// Implemented by a builder that finds adapters by their name in the configuration, for adapters that are made of others.
/// </summary>
public interface ISessionReplayAdapterSource
{
    /// <summary>Finds an adapter.</summary>
    /// <param name="kind">What it provides.</param>
    /// <param name="name">Its name in the configuration, for instance <c>S3</c>; the case does not matter.</param>
    /// <param name="path">The path in the configuration that holds the name, for errors.</param>
    /// <returns>The adapter.</returns>
    /// <exception cref="InvalidOperationException">The name is unknown, its package is not referenced, or is of another version; the
    /// message says how to fix it.</exception>
    ISessionReplayAdapter FindAdapter(AdapterKind kind, string name, string path);
}
