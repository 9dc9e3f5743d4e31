using System.Buffers.Binary;
using System.Text;
using SessionReplay.Keys;

namespace SessionReplay.Pipeline.Facts;

/// <summary>The sealed fields of the catalog and what they belong to (docs/format/v1.md, section 6.1).</summary>
internal static class FactFields
{
    public const string Chunk = "chunk.facts";
    public const string WindowEnd = "window.end";
    public const string User = "session.user";
    public const string Ip = "session.ip";
    public const string EntryUrl = "session.entry-url";
    public const string Event = "session.event";

    private const int WindowEndSize = 5;

    public static byte[] Owner(SessionId session)
    {
        var owner = new byte[16];
        session.Write(owner);
        return owner;
    }

    public static byte[] Owner(SessionId session, WindowId window)
    {
        var owner = new byte[32];
        session.Write(owner);
        window.Write(owner.AsSpan(16));
        return owner;
    }

    public static byte[] Owner(ChunkId chunk)
    {
        var owner = new byte[36];
        Owner(chunk.Session, chunk.Window).CopyTo(owner, 0);
        BinaryPrimitives.WriteUInt32BigEndian(owner.AsSpan(32), chunk.Seq);
        return owner;
    }

    public static byte[] SealText(this IFieldProtector fields, string name, SessionId session, string text) =>
        fields.Seal(name, Owner(session), Encoding.UTF8.GetBytes(text));

    public static string OpenText(this IFieldProtector fields, string name, SessionId session, ReadOnlySpan<byte> sealedField) =>
        Encoding.UTF8.GetString(fields.Open(name, Owner(session), sealedField));

    /// <summary>Seals how many chunks a window has as of this one, so that a reader sees when its end was cut off.</summary>
    public static byte[] SealWindowEnd(this IFieldProtector fields, ChunkId chunk, bool closed)
    {
        Span<byte> end = stackalloc byte[WindowEndSize];
        BinaryPrimitives.WriteUInt32BigEndian(end, chunk.Seq + 1);
        end[4] = closed ? (byte)1 : (byte)0;
        return fields.Seal(WindowEnd, Owner(chunk.Session, chunk.Window), end);
    }

    /// <exception cref="FormatRejectedException">The field is not authentic.</exception>
    public static (uint Count, bool Closed) OpenWindowEnd(
        this IFieldProtector fields, SessionId session, WindowId window, ReadOnlySpan<byte> sealedField)
    {
        var end = fields.Open(WindowEnd, Owner(session, window), sealedField);
        return end.Length == WindowEndSize
            ? (BinaryPrimitives.ReadUInt32BigEndian(end), end[4] != 0)
            : throw new FormatRejectedException("C2", "The end of the window has an unknown form.");
    }
}
