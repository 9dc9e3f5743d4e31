using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace SessionReplay.Player.Console;

/// <summary>Finds the nonce that a Content Security Policy asks of scripts.</summary>
internal static partial class PolicyNonce
{
    /// <summary>What decides about script elements, the first that is there before the others.</summary>
    private static readonly string[] Directives = ["script-src-elem", "script-src", "default-src"];

    /// <param name="policies">The header's values, each of one or more policies.</param>
    /// <returns>The first nonce; <see langword="null"/> when none is asked for.</returns>
    public static string? Find(StringValues policies)
    {
        foreach (var policy in policies.SelectMany(value => (value ?? string.Empty).Split(',')))
        {
            var directives = policy.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var sources = Directives.Select(name => Array.Find(directives, directive => Is(directive, name)))
                .FirstOrDefault(found => found is not null);
            if (sources is not null && Nonce().Match(sources) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }
        }

        return null;
    }

    private static bool Is(string directive, string name) =>
        directive.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && (directive.Length == name.Length || char.IsWhiteSpace(directive[name.Length]));

    [GeneratedRegex("'nonce-([A-Za-z0-9+/_-]+={0,2})'", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Nonce();
}
