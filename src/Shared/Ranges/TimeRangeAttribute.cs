using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace SessionReplay;

/// <summary>
/// Bounds a duration. <see cref="RangeAttribute"/> finds the converter of a type by reflection, which trimming may take away.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeRangeAttribute(string minimum, string maximum)
    : ValidationAttribute(() => "The field {0} must be between {1} and {2}.")
{
    /// <summary>Gets the minimum duration.</summary>
    public TimeSpan Minimum { get; } = TimeSpan.Parse(minimum, CultureInfo.InvariantCulture);

    /// <summary>Gets the maximum duration.</summary>
    public TimeSpan Maximum { get; } = TimeSpan.Parse(maximum, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || (value is TimeSpan time && time >= Minimum && time <= Maximum);

    /// <inheritdoc/>
    public override string FormatErrorMessage(
        string name) => string.Format(CultureInfo.CurrentCulture, ErrorMessageString, name, Minimum, Maximum);
}
