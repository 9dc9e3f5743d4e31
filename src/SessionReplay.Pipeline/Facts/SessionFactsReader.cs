using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Facts;

/// <summary>Opens the sealed fields of a session's row (docs/format/v1.md, section 6.1).</summary>
public static class SessionFactsReader
{
    /// <summary>Opens the user of a session.</summary>
    /// <param name="fields">The fields of the session.</param>
    /// <param name="session">The session.</param>
    /// <param name="user">The user as the catalog has it.</param>
    /// <returns>Who was identified last.</returns>
    /// <exception cref="FormatRejectedException">The field is not authentic.</exception>
    /// <exception cref="Google.Protobuf.InvalidProtocolBufferException">The field is not a message.</exception>
    public static UserFacts OpenUser(this IFieldProtector fields, SessionId session, SealedUser user) =>
        UserFacts.Parser.ParseFrom(fields.Open(FactFields.User, FactFields.Owner(session), user.Sealed.Span));

    /// <summary>Opens the address of a session.</summary>
    /// <param name="fields">The fields of the session.</param>
    /// <param name="session">The session.</param>
    /// <param name="address">The sealed address.</param>
    /// <returns>The IP address in text form.</returns>
    /// <exception cref="FormatRejectedException">The field is not authentic.</exception>
    public static string OpenIp(this IFieldProtector fields, SessionId session, ReadOnlySpan<byte> address) =>
        fields.OpenText(FactFields.Ip, session, address);

    /// <summary>Opens the first URL of a session.</summary>
    /// <param name="fields">The fields of the session.</param>
    /// <param name="session">The session.</param>
    /// <param name="url">The sealed URL.</param>
    /// <returns>The URL without its query.</returns>
    /// <exception cref="FormatRejectedException">The field is not authentic.</exception>
    public static string OpenEntryUrl(this IFieldProtector fields, SessionId session, ReadOnlySpan<byte> url) =>
        fields.OpenText(FactFields.EntryUrl, session, url);

    /// <summary>Opens the name of a custom event.</summary>
    /// <param name="fields">The fields of the session.</param>
    /// <param name="session">The session.</param>
    /// <param name="name">The name as the catalog has it.</param>
    /// <returns>The name.</returns>
    /// <exception cref="FormatRejectedException">The field is not authentic.</exception>
    public static string OpenEventName(this IFieldProtector fields, SessionId session, Catalog.SealedName name) =>
        fields.OpenText(FactFields.Event, session, name.Sealed.Span);
}
