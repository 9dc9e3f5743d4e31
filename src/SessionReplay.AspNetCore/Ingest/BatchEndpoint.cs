using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Lifecycle;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.AspNetCore.Sanitizing;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Ingest;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary><c>POST v1/batches</c>: takes one batch and answers 202 when the queue has made it durable.</summary>
internal sealed class BatchEndpoint(
    IOptions<SessionReplayOptions> options, Sanitizer sanitizer, BatchPublisher publisher, WindowReceipts receipts, IngestMemory memory,
    ISessionCipherProvider sessions, IngestQuotas quotas, IngestWork work, Circuits circuits, TimeProvider clock)
{
    private const int MaxUserAgent = 512;
    private const int MaxClockOffsetDays = 36_500;

    public async ValueTask<IResult> HandleAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var limits = options.Value.Ingest;
        var key = context.Features.GetRequiredFeature<WriteKey>();
        var sent = Sent(context.Request);
        circuits.Queue.ThrowIfOpen();
        using var held = memory.Open(TokenBuckets.NameOf(context.Connection.RemoteIpAddress));
        using var upload = await RequestBody.ReadAsync(context, limits.MaxBatchBytes + UploadFrame.Size, limits.ReadTimeout, held).ConfigureAwait(false);
        var (secret, body) = UploadFrame.Read(upload.WrittenMemory);
        using var turn = await work.BeginAsync(context, body, limits.MaxDecompressedBytes).ConfigureAwait(false);
        using var content = GzipMember.IsGzip(body.Span) ? GzipMember.Decompress(body, limits.MaxDecompressedBytes, held) : null;

        var receivedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var offset = sent is { } pageTime ? receivedAt - pageTime : 0;
        var facts = new BatchFacts(limits.MaxMarkersPerBatch, receivedAt, offset);
        var plain = content?.WrittenMemory ?? body;
        var hash = SHA256.HashData(plain.Span);
        var pass = sanitizer.Begin(plain.Span);
        new BatchWalker(limits, pass, facts).Walk(plain.Span);
        if (!SessionIdTime.IsNear(facts.Session, DateTimeOffset.FromUnixTimeMilliseconds(receivedAt)))
        {
            throw new FormatRejectedException("B11", $"The session's id was made more than {SessionIdTime.MaxDifference.TotalDays:0} days before or after this server's time.");
        }

        work.AddEvents(context, facts.EventCount);
        facts.Assets = AssetNames.Find(plain.Span)
            ?? throw new FormatRejectedException("B10", $"The batch names more than {AssetNames.MaxNames} assets.");
        using var payload = SealedPayload.Choose(body, content, pass.Changed, compressible: true, held);
        turn.Dispose();

        using var time = new CancellationTokenSource(limits.PublishTimeout, clock);
        var session = new SessionRef(key.Tenant, facts.Session);
        // Before anything is counted against the session, or kept of it: the write key is public, the secret is not.
        using var cipher = await OpenAsync(context, session, secret, time.Token).ConfigureAwait(false);
        var batch = new ReceivedBatch(key.Tenant, facts, Complete(facts.Build(pass.Findings), context, offset), receivedAt, Digest(cipher, facts.CutId, hash));
        await ReserveAsync(context, batch, payload, time.Token).ConfigureAwait(false);
        work.AddRows(context, await PublishAsync(batch, cipher, payload, held, time.Token).ConfigureAwait(false));
        Count(pass, body.Length, clock.GetElapsedTime(started));
        var acknowledged = receipts.Add(batch.Id);
        return Results.Json(
            new BatchReceipt(facts.Window.ToString(), acknowledged, receivedAt), IngestJson.Default.BatchReceipt, statusCode: StatusCodes.Status202Accepted);
    }

    // From here on the page may go away: a batch that came whole is kept.
    private async ValueTask<ISessionCipher> OpenAsync(HttpContext context, SessionRef session, SessionSecret secret, CancellationToken time)
    {
        var address = context.Connection.RemoteIpAddress;
        try
        {
            return await sessions.GetOrCreateAsync(session, secret, () => quotas.TakeSessionAsync(session.Tenant, address, time), time).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new KeyStoreUnavailableException($"The session's key was not there within {options.Value.Ingest.PublishTimeout}.", e);
        }
    }

    /// <summary>A batch that is sent again was charged before.</summary>
    private async ValueTask ReserveAsync(HttpContext context, ReceivedBatch batch, SealedPayload payload, CancellationToken time)
    {
        if (!receipts.IsReserved(batch.Id, batch.Digest))
        {
            try
            {
                await quotas.TakeRecordingAsync(batch.Id.SessionRef, context.Connection.RemoteIpAddress, payload.Bytes.Length, time).ConfigureAwait(false);
            }
            catch (OperationCanceledException e)
            {
                throw new CatalogUnavailableException($"The catalog did not count the batch within {options.Value.Ingest.PublishTimeout}.", e);
            }
        }

        receipts.Reserve(batch.Id, batch.Digest);
    }

    /// <returns>How many rows of the catalog the batch makes at most, beside its own.</returns>
    private async ValueTask<int> PublishAsync(ReceivedBatch batch, ISessionCipher cipher, SealedPayload payload, IngestMemory.Account held, CancellationToken time)
    {
        try
        {
            return await publisher.PublishAsync(batch, cipher, payload, held, time).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new QueueUnavailableException($"The queue did not confirm within {options.Value.Ingest.PublishTimeout}.", e);
        }
    }

    /// <summary>Two encodings of one batch have the same <c>cut_id</c>; without one it is the bytes that make the batch (docs/format/v1.md, section 3.1).</summary>
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

    private static void Count(SanitizePass pass, int bytes, TimeSpan time)
    {
        foreach (var (rule, count) in pass.Findings)
        {
            Telemetry.Sanitized.Add(count, new KeyValuePair<string, object?>("sessionreplay.rule", rule));
        }

        Telemetry.BatchSize.Record(bytes);
        Telemetry.BatchDuration.Record(time.TotalSeconds);
    }

    private static long? Sent(HttpRequest request)
    {
        var text = request.Query["sent"].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        // The pages' clocks may be far off; a time that is no time is a bug of the sender.
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) && sent < MaxClockOffsetDays * 86_400_000L
            ? sent
            : throw IngestProblems.BadQuery("sent", "the page's time in milliseconds since the Unix epoch");
    }

    private ChunkFacts Complete(ChunkFacts facts, HttpContext context, long clockOffset)
    {
        facts.ClockOffset = clockOffset;
        var agent = context.Request.Headers.UserAgent.ToString();
        facts.UserAgent = agent.Length > MaxUserAgent ? agent[..MaxUserAgent] : agent;
        if (options.Value.Ingest.RecordAddress && context.Connection.RemoteIpAddress is { } address)
        {
            facts.Ip = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        }

        return facts;
    }
}
