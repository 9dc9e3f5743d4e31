namespace SessionReplay.Queues;

/// <summary>Refuses at the start what a client would refuse at its first connection, or silently not use.</summary>
internal static class TlsFiles
{
    /// <summary>Finds what is wrong with the files that the options of TLS name.</summary>
    /// <param name="section">The path of the options' section, for errors.</param>
    /// <param name="authority">The option <c>TlsAuthorityFile</c>.</param>
    /// <param name="certificate">The option <c>TlsCertificateFile</c>.</param>
    /// <param name="key">The option <c>TlsKeyFile</c>.</param>
    /// <param name="keyPassword">The option <c>TlsKeyPassword</c>.</param>
    internal static IEnumerable<string> Check(
        string section, string? authority, string? certificate = null, string? key = null, string? keyPassword = null)
    {
        (string Name, string? Path)[] files = [("TlsAuthorityFile", authority), ("TlsCertificateFile", certificate), ("TlsKeyFile", key)];
        foreach (var (name, path) in files)
        {
            if (!string.IsNullOrEmpty(path) && !File.Exists(path))
            {
                yield return $"'{section}:{name}' names a file that is not there, or that this process may not see.";
            }
        }

        if (string.IsNullOrEmpty(certificate) != string.IsNullOrEmpty(key))
        {
            var missing = string.IsNullOrEmpty(key) ? "TlsKeyFile" : "TlsCertificateFile";
            yield return $"'{section}:{missing}' is not set: TlsCertificateFile and TlsKeyFile belong together; set both or none.";
        }

        if (!string.IsNullOrEmpty(keyPassword) && string.IsNullOrEmpty(key))
        {
            yield return $"'{section}:TlsKeyPassword' is set without TlsKeyFile; remove it, or name the file of the key.";
        }
    }
}
