using SessionReplay.Catalog;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Messages;

/// <summary>Copies what ingest sealed for the catalog into its record.</summary>
internal static class ChunkRecordMapper
{
    public static ChunkRecord Map(ParsedMessage message, ChunkLocation location) => new()
    {
        Header = message.Chunk,
        Location = location,
        Body = location.IsInCatalog ? message.JoinChunk() : default,
        ReceivedAt = message.Message.ReceivedAt,
        ClockOffset = message.Entry.ClockOffset,
        SealedFacts = message.Entry.Facts.Memory,
        SealedWindowEnd = message.Entry.WindowEnd.Memory,
        Delta = Delta(message.Entry, message.Chunk.LastTime),
    };

    private static SessionDelta Delta(CatalogEntry entry, long lastTime) => new()
    {
        Pages = Count(entry.Pages),
        Errors = Count(entry.Errors),
        Clicks = Count(entry.Clicks),
        RageClicks = Count(entry.RageClicks),
        Requests = Count(entry.Requests),
        FailedRequests = Count(entry.FailedRequests),
        LostEvents = Count(entry.LostEvents),
        Terms = [.. entry.Terms.Select(term => term.Memory)],
        CustomEvents = [.. entry.CustomEvents.Select(name => new Catalog.SealedName(name.Index.Memory, name.Sealed.Memory))],
        Assets = [.. entry.Assets.Select(static hash => ContentHash.FromBytes(hash.Span))],
        User = entry.User.IsEmpty ? null : new SealedUser(lastTime, entry.User.Memory),
        SealedIp = entry.Ip.Memory,
        SealedEntryUrl = entry.EntryUrl.Memory,
        Browser = Text(entry.Browser),
        Os = Text(entry.Os),
        Device = Text(entry.Device),
        ViewportWidth = Count(entry.ViewportWidth),
        ViewportHeight = Count(entry.ViewportHeight),
    };

    private static int Count(uint number) => (int)Math.Min(number, int.MaxValue);

    private static string? Text(string text) => text.Length == 0 ? null : text;
}
