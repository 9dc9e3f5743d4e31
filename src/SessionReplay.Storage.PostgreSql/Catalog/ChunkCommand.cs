using Npgsql;
using SessionReplay.Catalog;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>Makes the call that records one chunk; its parameters are those of the function <c>record_chunk</c>, by name.</summary>
internal static class ChunkCommand
{
    public static NpgsqlBatchCommand Create(string schema, ChunkRecord chunk)
    {
        var command = new NpgsqlBatchCommand();
        foreach (var parameter in Values(chunk))
        {
            command.Parameters.Add(parameter);
        }

        command.CommandText =
            $"SELECT {schema}.record_chunk({string.Join(", ", command.Parameters.Select(p => $"p_{p.ParameterName} => @{p.ParameterName}"))})";
        return command;
    }

    private static NpgsqlParameter[] Values(ChunkRecord chunk)
    {
        var (header, delta) = (chunk.Header, chunk.Delta);
        return
        [
            Of("tenant", header.Id.Tenant.Value), Of("session", header.Id.Session.Value), Of("session_started", header.SessionStarted),
            Of("window", header.Id.Window.Value), Of("seq", header.Id.Seq), Of("received", chunk.ReceivedAt),
            Of("earliest", Math.Max(0, chunk.ReceivedAt - EventClock.MaxAge)),
            Of("latest", chunk.ReceivedAt + EventClock.MaxAhead), Of("clock_offset", chunk.ClockOffset),
            chunk.Location.IsInCatalog ? Of("body", chunk.Body) : OfOptional("body", default),
            Of("first", header.FirstTime), Of("last", header.LastTime), Of("blob_key", chunk.Location.BlobKey),
            Of("offset", chunk.Location.Offset),
            Of("length", chunk.Location.Length), Of("flags", (long)header.Flags), Of("compression", (long)header.Compression),
            Of("events", (long)header.EventCount),
            Of("digest", header.Digest.ToBytes()), Of("facts", chunk.SealedFacts),
            Of("pages", delta.Pages), Of("errors", delta.Errors), Of("clicks", delta.Clicks), Of("rage_clicks", delta.RageClicks),
            Of("requests", delta.Requests), Of("failed_requests", delta.FailedRequests), Of("lost_events", delta.LostEvents),
            Of("user_time", delta.User?.Time), OfOptional("user_sealed", delta.User?.Sealed ?? default),
            OfOptional("ip_sealed", delta.SealedIp),
            Of("browser", delta.Browser), Of("os", delta.Os), Of("device", delta.Device), OfOptional("entry_url", delta.SealedEntryUrl),
            Of("viewport_width", delta.ViewportWidth), Of("viewport_height", delta.ViewportHeight),
            Of("window_end", chunk.SealedWindowEnd), Of("terms", delta.Terms),
            Of("event_terms", [.. delta.CustomEvents.Select(e => e.Index)]),
            Of("event_names", [.. delta.CustomEvents.Select(e => e.Sealed)]), Of("assets", delta.Assets),
        ];
    }
}
