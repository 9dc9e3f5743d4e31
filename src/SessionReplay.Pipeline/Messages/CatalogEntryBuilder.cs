using Google.Protobuf;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Messages;

/// <summary>
/// Seals what was found in a batch and makes the blind indexes, so that the worker and the catalog hold no user data in clear
/// (docs/format/v1.md, section 6).
/// </summary>
internal static class CatalogEntryBuilder
{
    public static CatalogEntry Build(ReceivedBatch batch, ChunkHeader header, IFieldProtector fields, IBlindIndexer indexer)
    {
        var facts = batch.FactsToSeal;
        var session = header.Id.Session;
        AddHeader(facts, header);
        var agent = facts.UserAgent.Length > 0 ? UserAgent.Parse(facts.UserAgent) : null;
        var entry = new CatalogEntry
        {
            ClockOffset = facts.ClockOffset,
            Facts = ByteString.CopyFrom(fields.Seal(FactFields.Chunk, FactFields.Owner(header.Id), facts.ToByteArray())),
            WindowEnd = ByteString.CopyFrom(fields.SealWindowEnd(header.Id, header.Flags.HasFlag(ChunkFlags.LastOfWindow))),
            Pages = (uint)facts.Pages.Count,
            Errors = facts.Errors,
            Clicks = facts.Clicks,
            RageClicks = facts.RageClicks,
            Requests = facts.Requests,
            FailedRequests = facts.FailedRequests,
            LostEvents = facts.LostEvents,
            Browser = agent?.Browser ?? string.Empty,
            Os = agent?.Os ?? string.Empty,
            Device = agent?.Device ?? string.Empty,
            ViewportWidth = facts.ViewportWidth,
            ViewportHeight = facts.ViewportHeight,
        };
        AddSealed(entry, facts, session, fields);
        entry.Assets.AddRange(batch.Header.Assets.Select(static hash => ByteString.CopyFrom(hash.ToBytes())));
        AddNames(entry, facts, session, fields, indexer);
        return entry;
    }

    /// <summary>Adds what the session list shows of a visitor and of where the visit began.</summary>
    private static void AddSealed(CatalogEntry entry, ChunkFacts facts, SessionId session, IFieldProtector fields)
    {
        if (facts.User is { } user)
        {
            entry.User = ByteString.CopyFrom(fields.Seal(FactFields.User, FactFields.Owner(session), user.ToByteArray()));
        }

        if (facts.Ip.Length > 0)
        {
            entry.Ip = ByteString.CopyFrom(fields.SealText(FactFields.Ip, session, facts.Ip));
        }

        if (facts.EntryUrl.Length > 0)
        {
            entry.EntryUrl = ByteString.CopyFrom(
                fields.SealText(FactFields.EntryUrl, session, ReducedUrl.Of(facts.EntryUrl).WithoutQuery()));
        }
    }

    /// <summary>What readers take from the catalog's row beside the facts must be authentic too.</summary>
    private static void AddHeader(ChunkFacts facts, ChunkHeader header)
    {
        facts.Flags = (uint)header.Flags;
        facts.EventCount = header.EventCount;
        facts.FirstTime = header.FirstTime;
        facts.LastTime = header.LastTime;
        facts.ChunkLength = (ulong)header.ChunkLength;
    }

    private static void AddNames(CatalogEntry entry, ChunkFacts facts, SessionId session, IFieldProtector fields, IBlindIndexer indexer)
    {
        foreach (var name in facts.CustomEvents.Distinct())
        {
            entry.CustomEvents.Add(new SealedName
            {
                Index = ByteString.CopyFrom(indexer.Event(name)),
                Sealed = ByteString.CopyFrom(fields.SealText(FactFields.Event, session, name)),
            });
        }

        var urls = facts.Pages.Select(page => page.Url).Append(facts.EntryUrl).Where(url => url.Length > 0).Distinct();
        var users = new[] { facts.User?.Id, facts.User?.Email }.Where(name => !string.IsNullOrWhiteSpace(name));
        var terms = urls.SelectMany(indexer.Url).Concat(users.Select(name => indexer.User(name!)))
            .Concat(facts.ErrorTypes.Select(indexer.Error));
        entry.Terms.AddRange(terms.Select(ByteString.CopyFrom).Distinct());
    }
}
