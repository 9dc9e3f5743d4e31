using System.Text;

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
        Secrets.Concat(more).Where(secret => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(secret)) >= 0);

    /// <summary>Finds them in every file of a folder.</summary>
    /// <returns>File and secret, for each that was found.</returns>
    public static List<string> FindInFolder(string folder, params string[] more)
    {
        var found = new List<string>();
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            found.AddRange(Find(copy.ToArray(), more).Select(secret => $"{Path.GetRelativePath(folder, file)}: {secret}"));
        }

        return found;
    }
}
