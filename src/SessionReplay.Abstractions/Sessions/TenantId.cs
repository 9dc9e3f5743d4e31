using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SessionReplay;

/// <summary>
/// Names the customer whose recordings these are: 1 to 40 characters of <c>a</c>–<c>z</c>, <c>0</c>–<c>9</c>,
/// <c>-</c> and <c>_</c>, beginning with a letter or a digit.
/// </summary>
public readonly record struct TenantId
{
    /// <summary>The greatest length in characters (and bytes: a tenant id is ASCII).</summary>
    public const int MaxLength = 40;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly string? _value;

    /// <summary>Creates a tenant id.</summary>
    /// <param name="value">The text, see the type for its form.</param>
    /// <exception cref="FormatException"><paramref name="value"/> is not a tenant id.</exception>
    public TenantId(string value)
    {
        if (!IsValid(value))
        {
            throw new FormatException(
                $"'{value}' is not a tenant id: use 1 to {MaxLength} characters of a-z, 0-9, '-' and '_', beginning with a letter or a digit.");
        }

        _value = value;
    }

    /// <summary>Gets the text.</summary>
    /// <exception cref="InvalidOperationException">This is the default value, which names no tenant.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The tenant id was never set.");

    /// <summary>Reads a tenant id without throwing.</summary>
    /// <param name="value">The text.</param>
    /// <param name="tenant">The tenant id when the result is <see langword="true"/>.</param>
    /// <returns>Whether <paramref name="value"/> is a tenant id.</returns>
    public static bool TryParse([NotNullWhen(true)] string? value, out TenantId tenant)
    {
        tenant = IsValid(value) ? new TenantId(value) : default;
        return tenant._value is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => _value ?? string.Empty;

    private static bool IsValid([NotNullWhen(true)] string? value) =>
        value is { Length: > 0 and <= MaxLength } && value[0] is not ('-' or '_') && !value.AsSpan().ContainsAnyExcept(Allowed);
}
