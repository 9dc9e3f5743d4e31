using System.ComponentModel.DataAnnotations;

namespace SessionReplay.AspNetCore;

/// <summary>Settings of the sanitizer, which goes over every string of every event before anything is stored.</summary>
public sealed class SanitizingOptions
{
    /// <summary>Gets or sets whether US social security numbers are taken out.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool SocialSecurityNumbers { get; set; } = true;

    /// <summary>Gets or sets whether payment card numbers are taken out (13 to 19 digits with a known prefix and a right check digit).</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool CardNumbers { get; set; } = true;

    /// <summary>Gets or sets whether international bank account numbers are taken out.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool BankAccounts { get; set; } = true;

    /// <summary>Gets or sets whether bearer tokens, JSON web tokens and well-known API keys are taken out.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Secrets { get; set; } = true;

    /// <summary>Gets the names of HTTP headers whose values are taken out, besides <c>authorization</c>, <c>proxy-authorization</c>, <c>cookie</c>, <c>set-cookie</c>, <c>x-api-key</c>, <c>x-auth-token</c>, <c>x-csrf-token</c> and <c>x-xsrf-token</c>. Case does not matter.</summary>
    public IList<string> HeaderNames { get; } = [];

    /// <summary>
    /// Gets the names of form fields, JSON members and URL query parameters whose values are taken out, besides <c>password</c>, <c>passwd</c>, <c>pwd</c>, <c>secret</c>, <c>client_secret</c>,
    /// <c>token</c>, <c>access_token</c>, <c>refresh_token</c>, <c>id_token</c>, <c>api_key</c>, <c>apikey</c>, <c>ssn</c>, <c>cvv</c>, <c>cvc</c>, <c>card_number</c>, <c>cardnumber</c>, <c>otp</c> and <c>one_time_code</c>. Case, <c>-</c> and <c>_</c> do not matter.
    /// </summary>
    public IList<string> FieldNames { get; } = [];

    /// <summary>Gets patterns of your own: the name of the rule (1 to 24 characters of <c>a</c>–<c>z</c>, <c>0</c>–<c>9</c> and <c>-</c>) and the regular expression of what is taken out.</summary>
    public IDictionary<string, string> Patterns { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets how long one pattern may take on one string. A batch that exceeds it is refused with 503: nothing is stored unsanitized.</summary>
    /// <value>From 1 millisecond to 10 seconds. The default value is 250 milliseconds. Patterns without backreferences and lookarounds run in linear time.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan PatternTimeout { get; set; } = TimeSpan.FromMilliseconds(250);
}
