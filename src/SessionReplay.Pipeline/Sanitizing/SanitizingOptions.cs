namespace SessionReplay.Pipeline;

/// <summary>Settings of the sanitizer, which goes over every string of every event before anything is stored.</summary>
public sealed class SanitizingOptions
{
    /// <summary>Gets or sets whether US social security numbers are taken out.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool SocialSecurityNumbers { get; set; } = true;

    /// <summary>
    /// Gets or sets whether payment card numbers are taken out (12 to 19 digits of any script with a known prefix and a right check digit).
    /// </summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool CardNumbers { get; set; } = true;

    /// <summary>Gets or sets whether international bank account numbers are taken out.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool BankAccounts { get; set; } = true;

    /// <summary>Gets or sets whether bearer tokens, JSON web tokens and well-known API keys are taken out.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Secrets { get; set; } = true;

    /// <summary>
    /// Gets the names of HTTP headers whose values are taken out, besides <c>authorization</c>, <c>proxy-authorization</c>, <c>cookie</c>,
    /// <c>set-cookie</c>, <c>x-api-key</c>, <c>x-auth-token</c>, <c>x-csrf-token</c> and <c>x-xsrf-token</c>. Case does not matter.
    /// </summary>
    public IList<string> HeaderNames { get; } = [];

    /// <summary>
    /// Gets the names of form fields, JSON members, attributes and URL parameters whose values are taken out, besides those whose words say
    /// so: <c>password</c>, <c>secret</c>, <c>token</c>, <c>pin</c>, <c>otp</c>, <c>cvv</c>,
    /// <c>ssn</c>, <c>card number</c>, <c>security code</c>, <c>api key</c>, <c>private key</c> and their like, as in <c>newPassword</c> or
    /// <c>reset_token</c> but not in <c>tokenType</c>. Case, <c>-</c> and <c>_</c> do not matter.
    /// </summary>
    public IList<string> FieldNames { get; } = [];

    /// <summary>
    /// Gets patterns of your own: the name of the rule (1 to 24 characters of <c>a</c>–<c>z</c>, <c>0</c>–<c>9</c> and <c>-</c>) and the
    /// regular expression of what is taken out.
    /// </summary>
    public IDictionary<string, string> Patterns { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Gets or sets how long one pattern may take on one string. A batch that exceeds it is refused with 503: nothing is stored
    /// unsanitized.
    /// </summary>
    /// <value>From 1 millisecond to 10 seconds. The default value is 250 milliseconds. Patterns without backreferences and lookarounds run
    /// in linear time.</value>
    [TimeRange("00:00:00.001", "00:00:10")]
    public TimeSpan PatternTimeout { get; set; } = TimeSpan.FromMilliseconds(250);
}
