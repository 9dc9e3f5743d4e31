using System.Diagnostics;
using System.Text;
using SessionReplay.Testing;

namespace SessionReplay.EndToEnd;

/// <summary>Looks for texts that must not be anywhere.</summary>
internal static class SecretScan
{
    private static readonly string[] Secrets =
    [
        ShopVisit.Card, ShopVisit.Card.Replace(" ", string.Empty, StringComparison.Ordinal), ShopVisit.Card.Replace(' ', '-'),
        ShopVisit.Password, ShopVisit.Password + "-shown", "4111 1111 1111", "41111111",
    ];

    /// <summary>Finds what a file or an answer holds of them, in UTF-8 and UTF-16.</summary>
    public static IEnumerable<string> Find(byte[] bytes, params string[] more) =>
        Secrets.Concat(more)
            .Where(secret => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0
            || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(secret)) >= 0);

    /// <summary>Finds them in every file of a folder.</summary>
    /// <returns>File and secret, for each that was found.</returns>
    public static List<string> FindInFolder(string folder, params string[] more)
    {
        // The host holds locks on some of its files: what is looked at is a copy, as a backup would be.
        using var copy = new TempFolder();
        using var copying = Process.Start("cp", ["-a", folder + "/.", copy.FullPath]);
        copying.WaitForExit();
        var found = new List<string>();
        foreach (var file in Directory.GetFiles(copy.FullPath, "*", SearchOption.AllDirectories))
        {
            found.AddRange(Find(File.ReadAllBytes(file), more).Select(secret => $"{Path.GetRelativePath(copy.FullPath, file)}: {secret}"));
        }

        return found;
    }
}
