using System.Globalization;

namespace SessionReplay.Testing;

/// <summary>A test vector of docs/format/v1.md, section 9.</summary>
public sealed class VectorFile
{
    private static readonly string[] Kinds = [
        "upload", "batch", "chunk", "recording", "asset", "wrapped-key", "queue-message", "sealed-field"];

    private readonly Dictionary<string, string> _fields;

    private VectorFile(Dictionary<string, string> fields, byte[] input) => (_fields, Input) = (fields, input);

    public static string Folder { get; } = Repository.File("docs", "format", "vectors");

    public byte[] Input { get; }

    public string Kind => this["kind"];

    /// <summary>The rule that the input breaks; <see langword="null"/> if it is a good one.</summary>
    public string? Rule => this["expect"] is "success" ? null : this["expect"];

    public string this[string name] =>
        _fields.TryGetValue(name, out var value) ? value : throw new FormatException($"The vector has no field '{name}'.");

    /// <summary>The names of the files of some kinds. A file of a kind that no suite knows is an error in every suite.</summary>
    public static IReadOnlyList<string> List(params string[] kinds)
    {
        var files = Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToList();
        var unknown = files.Where(name => !name.EndsWith(".vector", StringComparison.Ordinal) || !Kinds.Contains(Read(name).Kind)).ToList();
        return unknown.Count == 0
            ? [.. files.Where(name => kinds.Contains(Read(name).Kind))]
            : throw new FormatException($"No suite knows how to run {string.Join(", ", unknown)} in {Folder}.");
    }

    public static VectorFile Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name));
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var fields = text[..end].Split('\n').Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0].TrimEnd(':'), pair => pair.Length == 2 ? pair[1] : "");
        return new(fields, Convert.FromBase64String(text[end..]));
    }

    public bool Has(string name) => _fields.ContainsKey(name);

    public byte[] Bytes(string name) => Convert.FromHexString(this[name]);

    public long Number(string name) => long.Parse(this[name], CultureInfo.InvariantCulture);
}
