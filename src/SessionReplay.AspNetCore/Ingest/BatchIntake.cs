using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SessionReplay.Format;
using SessionReplay.Ingest;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Batches;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Takes one batch of an upload: it is durable when the queue has confirmed it.</summary>
internal sealed class BatchIntake(
    IOptions<IngestOptions> options, BatchSanitizer sanitizer, BatchWriter writer, IngestWork work, LiveViews views, TimeProvider clock)
{
    private const int MaxUserAgent = 512;

    /// <summary>Checks, sanitizes, seals and publishes a batch.</summary>
    /// <returns>The window, and what of it is durable.</returns>
    public async ValueTask<WindowReceipt> TakeAsync(HttpContext context, SentBatch sent, IngestMemory.Account held)
    {
        var started = clock.GetTimestamp();
        var limits = options.Value;
        var body = sent.Body;
        var key = context.Features.GetRequiredFeature<WriteKey>();
        using var turn = await work.BeginAsync(context, body, limits.MaxDecompressedBytes).ConfigureAwait(false);
        using var content = GzipMember.IsGzip(body.Span) ? GzipMember.Decompress(body, limits.MaxDecompressedBytes, held) : null;

        var receivedAt = sent.ReceivedAt;
        var offset = sent.Sent is { } pageTime ? receivedAt - pageTime : 0;
        var plain = content?.WrittenMemory ?? body;
        var hash = SHA256.HashData(plain.Span);
        var sanitized = sanitizer.Sanitize(
            plain.Span, new(limits.MaxEvents, limits.MaxStringBytes, limits.MaxMarkersPerBatch), receivedAt, offset);
        var header = sanitized.Header;
        work.AddEvents(context, header.EventCount);
        using var payload = PayloadToSeal.Choose(body, content, sanitized.IsChanged, compressible: true, held);
        turn.Dispose();

        using var time = new CancellationTokenSource(limits.PublishTimeout, clock);
        var session = new SessionRef(key.Tenant, header.Session);
        // Before anything is counted against the session, or kept of it: the write key is public, the secret is not.
        using var cipher = await writer.OpenAsync(context, session, sent.Secret, time.Token).ConfigureAwait(false);
        var batch = new ReceivedBatch(
            key.Tenant, header, Complete(sanitized.FactsToSeal, context), receivedAt, Digest(cipher, header.CutId, hash));
        await writer.ReserveAsync(context, batch, payload, time.Token).ConfigureAwait(false);
        work.AddRows(context, await writer.PublishAsync(batch, cipher, payload, held, time.Token).ConfigureAwait(false));
        Count(sanitized.Findings, body.Length, clock.GetElapsedTime(started));
        return new(header.Window.ToString(), writer.Acknowledge(batch)) { IsWatched = views.IsWatched(session) };
    }

    /// <summary>
    /// Two encodings of one batch have the same <c>cut_id</c>; without one it is the bytes that make the batch (docs/format/v1.md, section
    /// 3.1).
    /// </summary>
    private static BatchDigest Digest(ISessionCipher cipher, ulong cutId, ReadOnlySpan<byte> hash)
    {
        Span<byte> identity = stackalloc byte[1 + SHA256.HashSizeInBytes];
        if (cutId > 0)
        {
            identity[0] = 1;
            BinaryPrimitives.WriteUInt64BigEndian(identity[1..], cutId);
            return cipher.Digest(identity[..(1 + sizeof(ulong))]);
        }

        identity[0] = 0;
        hash.CopyTo(identity[1..]);
        return cipher.Digest(identity);
    }

    private static void Count(IEnumerable<(string Rule, int Count)> findings, int bytes, TimeSpan time)
    {
        foreach (var (rule, count) in findings)
        {
            Telemetry.Sanitized.Add(count, new KeyValuePair<string, object?>("sessionreplay.rule", rule));
        }

        Telemetry.BatchSize.Record(bytes);
        Telemetry.BatchDuration.Record(time.TotalSeconds);
    }

    private ChunkFacts Complete(ChunkFacts facts, HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        facts.UserAgent = agent.Length > MaxUserAgent ? agent[..MaxUserAgent] : agent;
        if (options.Value.RecordAddress && context.Connection.RemoteIpAddress is { } address)
        {
            facts.Ip = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        }

        return facts;
    }
}
