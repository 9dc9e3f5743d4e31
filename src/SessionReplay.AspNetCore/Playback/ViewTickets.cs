using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// Makes one audit row of a view. The manifest's answer has a ticket: a field that is sealed under the session's key (docs/format/v1.md,
/// section 6.1) and says who views it. With it, the further requests of the view write no rows. It decides nothing else: every request is
/// authorized by itself.
/// </summary>
internal sealed class ViewTickets(TimeProvider clock)
{
    private const string Parameter = "view";
    private const string Field = "session.view";
    private const int PlainSize = sizeof(long) + SHA256.HashSizeInBytes;
    private const int SealedSize = PlainSize + 29;

    /// <summary>How long a row covers further requests.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    /// <summary>Reads the request's ticket. A valid one keeps the request out of the audit log if it succeeds.</summary>
    /// <returns>The ticket; <see langword="null"/> when there is none that is valid, which is the same as if none had been sent.</returns>
    public string? Accept(HttpContext context, SessionRef session, IFieldProtector fields)
    {
        if (context.Request.Query[Parameter] is not [{ } ticket] || !IsValid(ticket, context, session, fields))
        {
            return null;
        }

        context.Features.Set(new AuditNote { IsCovered = true });
        return ticket;
    }

    /// <summary>Makes a ticket for the viewer of a request whose audit row says what it covers.</summary>
    public string Issue(HttpContext context, SessionRef session, IFieldProtector fields)
    {
        var plain = new byte[PlainSize];
        BinaryPrimitives.WriteInt64BigEndian(plain, (clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        ViewerOf(context).CopyTo(plain, sizeof(long));
        return Base64Url.EncodeToString(fields.Seal(Field, OwnerOf(session), plain));
    }

    private bool IsValid(string ticket, HttpContext context, SessionRef session, IFieldProtector fields)
    {
        Span<byte> @sealed = stackalloc byte[SealedSize];
        if (ticket.Length != Base64Url.GetEncodedLength(SealedSize) || !Base64Url.TryDecodeFromChars(ticket, @sealed, out var length)
            || length != SealedSize)
        {
            return false;
        }

        try
        {
            var plain = fields.Open(Field, OwnerOf(session), @sealed).AsSpan();
            return BinaryPrimitives.ReadInt64BigEndian(plain) > clock.GetUtcNow().ToUnixTimeMilliseconds()
                && CryptographicOperations.FixedTimeEquals(plain[sizeof(long)..], ViewerOf(context));
        }
        catch (FormatRejectedException)
        {
            return false;
        }
    }

    /// <summary>What the audit log says of the viewer.</summary>
    private static byte[] ViewerOf(HttpContext context)
    {
        var actor = PlaybackAudit.ActorOf(context);
        return SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{actor.Length}:{actor}{context.Connection.RemoteIpAddress}")));
    }

    private static byte[] OwnerOf(SessionRef session)
    {
        var owner = new byte[16];
        session.Session.Write(owner);
        return owner;
    }
}
