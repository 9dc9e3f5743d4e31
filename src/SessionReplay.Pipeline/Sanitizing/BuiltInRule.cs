namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>The built-in rules; the number is the index of their counts.</summary>
internal enum BuiltInRule
{
    Card,
    Ssn,
    Iban,
    Bearer,
    Jwt,
    ApiKey,
    PrivateKey,
    Header,
    Field,
}
