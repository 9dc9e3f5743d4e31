using System.IO.Compression;
using System.Text;
using System.Text.Json;
using SessionReplay.Testing;

namespace SessionReplay.LoadGenerator;

/// <summary>The recorded pages of benchmarks/corpus.</summary>
public static class Corpus
{
    /// <summary>Reads all pages: each a list of rrweb events, the full snapshot among the first.</summary>
    public static IReadOnlyList<CorpusPage> Read()
    {
        var pages = new List<CorpusPage>();
        foreach (var path in Directory.GetFiles(Repository.File("benchmarks", "corpus"), "*.json.gz").Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(path);
            using var gzip = new GZipStream(file, CompressionMode.Decompress);
            using var json = JsonDocument.Parse(gzip);
            foreach (var window in json.RootElement.GetProperty("windows").EnumerateArray())
            {
                var events = window.GetProperty("events").EnumerateArray()
                    .Select(item => new CorpusEvent(item.GetProperty("timestamp").GetInt64(), Encoding.UTF8.GetBytes(item.GetRawText())))
                    .ToArray();
                pages.Add(new CorpusPage(window.GetProperty("url").GetString()!, events));
            }
        }

        return pages;
    }
}
