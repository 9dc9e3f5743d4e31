using System.Text;

namespace SessionReplay.VectorGenerator;

/// <summary>One case.</summary>
internal sealed record Vector(
    string Kind, string Expect, string Name, string Comment, byte[] Input, params (string Name, string Value)[] Fields)
{
    private const int LineLength = 76;

    public string FileName => $"{Kind}-{Expect.ToLowerInvariant()}-{Name}.vector";

    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("kind", Kind), ("expect", Expect), ("comment", Comment), .. Fields])
        {
            text.Append(name).Append(": ").Append(value).Append('\n');
        }

        text.Append('\n');
        var base64 = Convert.ToBase64String(Input);
        for (var at = 0; at < base64.Length; at += LineLength)
        {
            text.Append(base64.AsSpan(at, Math.Min(LineLength, base64.Length - at))).Append('\n');
        }

        return text.ToString();
    }
}
