namespace SessionReplay;

/// <summary>Implemented by a builder that finds adapters by their name in the configuration, for adapters that are made of others.</summary>
public interface ISessionReplayAdapterSource
{
    /// <summary>Finds an adapter.</summary>
    /// <param name="part">What it adapts, for instance <c>Storage</c>.</param>
    /// <param name="name">Its name in the configuration, for instance <c>S3</c>; the case does not matter.</param>
    /// <param name="path">The path in the configuration that holds the name, for errors.</param>
    /// <returns>The adapter.</returns>
    /// <exception cref="InvalidOperationException">The name is unknown, its package is not referenced, or is of another version; the message says how to mend it.</exception>
    ISessionReplayAdapter FindAdapter(string part, string name, string path);
}
