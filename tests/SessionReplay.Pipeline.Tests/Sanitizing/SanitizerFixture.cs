using System.Text;
using Microsoft.Extensions.Options;
using SessionReplay.Pipeline.Sanitizing;
using SessionReplay.Sanitizing;

namespace SessionReplay.Pipeline.Tests.Sanitizing;

/// <summary>Runs the sanitizer on single texts.</summary>
internal static class SanitizerFixture
{
    public static Sanitizer Create(Action<SanitizingOptions>? configure = null, params ISanitizingRule[] rules)
    {
        // The first match of a pattern compiles it, which takes a while on a busy machine.
        var options = new SanitizingOptions { PatternTimeout = TimeSpan.FromSeconds(10) };
        configure?.Invoke(options);
        return new Sanitizer(Options.Create(options), rules);
    }

    /// <summary>The text after the sanitizer, always of the same length in bytes, and the rules that found something.</summary>
    public static (string Text, string Findings) Text(string text, Sanitizer? sanitizer = null) =>
        Run(text, sanitizer, static (bytes, pass) => pass.Text(bytes));

    public static (string Text, string Findings) Json(string json, Sanitizer? sanitizer = null) =>
        Run(json, sanitizer, static (bytes, pass) =>
    {
        var reader = new JsonSanitizer(bytes, 64, pass);
        while (reader.Read())
        {
        }
    });

    private static (string Text, string Findings) Run(string text, Sanitizer? sanitizer, Action<byte[], SanitizePass> run)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = bytes.Length;
        var pass = (sanitizer ?? Create()).Begin(bytes);
        run(bytes, pass);
        var result = Encoding.UTF8.GetString(bytes);
        Assert.Equal(length, Encoding.UTF8.GetByteCount(result));
        Assert.Equal(pass.Changed, result != text);
        return (result, string.Join(' ', pass.Findings.Select(finding => $"{finding.Rule}:{finding.Count}")));
    }
}
