using Google.Protobuf;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Facts;

/// <summary>Opens what the catalog keeps of chunks. A row that was tampered with is an error of its own and not of the session.</summary>
public static class ChunkFactsReader
{
    /// <summary>Opens the facts of a chunk's row and checks the place that the row names.</summary>
    /// <returns><see langword="null"/> when the row is damaged.</returns>
    public static ChunkFacts? TryOpenFacts(this IFieldProtector fields, SessionRef session, ChunkRow row)
    {
        try
        {
            var facts = ChunkFacts.Parser.ParseFrom(
                fields.Open(
                    FactFields.Chunk, FactFields.Owner(new ChunkId(session.Tenant, session.Session, row.Window, row.Seq)),
                    row.SealedFacts.Span));
            return row.Location.Offset >= 0 && row.Location.Length == (long)facts.ChunkLength ? facts : null;
        }
        catch (Exception e) when (e is FormatRejectedException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>Opens the authenticated end of a window.</summary>
    /// <returns><see langword="null"/> when it is damaged.</returns>
    public static (uint Count, bool Closed)? TryOpenWindowEnd(this IFieldProtector fields, SessionRef session, ChunkRow row)
    {
        try
        {
            return fields.OpenWindowEnd(session.Session, row.Window, row.SealedWindowEnd.Span);
        }
        catch (FormatRejectedException)
        {
            return null;
        }
    }
}
