using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// <c>GET api/tenants/{tenant}/sessions/{id}/batches</c>: streams the batches of stretches as they were sealed, from one place: one
/// query of the catalog, and one read of the blob store for those that are in an object. With direct delivery, it refers to the object
/// instead of reading it.
/// </summary>
internal sealed class BatchesEndpoint(
    SessionFinder sessions, BatchSources sources, ISessionCipherProvider ciphers, ViewTickets tickets, ILogger<PlaybackFilter> logger)
{
    public async ValueTask<IResult> HandleAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (StretchQuery.TryRead(context.Request.Query) is not { } stretches)
        {
            return PlaybackProblem.BadQuery(StretchQuery.Name, StretchQuery.Expected);
        }

        if (await sessions.FindAsync(context, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        var cipher = await ciphers.GetAsync(row.Session, cancellationToken).ConfigureAwait(false);
        context.Response.RegisterForDispose(cipher);
        var ticket = tickets.Accept(context, row.Session, cipher.Fields);
        var source = await sources.OpenAsync(context.Request, row, stretches, cipher.Fields, cancellationToken).ConfigureAwait(false);
        if (source.Url is not null && ticket is null)
        {
            context.Features.Set(new AuditNote { Detail = $"{ViewDetail.Of(context.Request.Query)} and what opens all of the session" });
        }

        if (source.Range is { } range)
        {
            context.Response.RegisterForDisposeAsync(range);
        }

        return await StreamResult.StartAsync(
            context, ReadAsync(row.Session, source, cipher, cancellationToken), logger, cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<StreamRecord> ReadAsync(
        SessionRef session, BatchSource source, ISessionCipher cipher, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (source.Url is { } url)
        {
            yield return Reference(url, source.Plan, cipher);
        }

        var isLogged = false;
        foreach (var (chunk, found) in source.Plan.Chunks)
        {
            var id = new ChunkId(session.Tenant, session.Session, chunk.Row.Window, chunk.Row.Seq);
            var (opened, problem) = (found, source.Url) switch
            {
                (not null, _) => (null, found),
                (_, not null) => (Reference(chunk.Row), null),
                _ => await TryOpenAsync(id, chunk, source.Range, cipher, cancellationToken).ConfigureAwait(false),
            };
            if (problem is not null && !isLogged)
            {
                Log.ChunkUnreadable(logger, id, problem);
                isLogged = true;
            }

            using var record = opened ?? Problem(id, problem!);
            yield return record;
        }

        yield return StreamRecord.End(source.Plan.HasMore);
    }

    /// <returns>The chunk's record, or why there is none: the chunks behind it can be read all the same.</returns>
    private static async ValueTask<(StreamRecord? Record, Exception? Problem)> TryOpenAsync(
        ChunkId id, StretchChunk chunk, ObjectRange? range, ISessionCipher cipher, CancellationToken cancellationToken)
    {
        try
        {
            if (chunk.Body is { } body)
            {
                var room = new PooledBuffer(SharedBufferPool.Instance, body.Length);
                return (Open(id, body, room.GetMemory(body.Length), room, cipher), null);
            }

            var read = await range!.ReadAsync(chunk.Row.Location, cancellationToken).ConfigureAwait(false);
            // Opened in place: the plaintext takes the ciphertext's memory, behind the header.
            return (Open(id, read.WrittenMemory, read.WrittenMemory[ChunkHeader.Size..], read, cipher), null);
        }
        catch (FormatRejectedException e)
        {
            return (null, e);
        }
    }

    private static StreamRecord Open(
        ChunkId id, ReadOnlyMemory<byte> chunk, Memory<byte> room, PooledBuffer memory, ISessionCipher cipher)
    {
        try
        {
            var payload = room[..(chunk.Length - ChunkHeader.Size - ChunkHeader.TagSize)];
            var header = cipher.Open(id, chunk.Span, payload.Span);
            var head = new BatchHeadJson(id.Window.ToString(), id.Seq)
            {
                Encoding = StreamRecord.EncodingOf(header.Compression),
                Length = header.BatchLength,
            };
            return StreamRecord.Of(head, StreamJson.Default.BatchHeadJson, payload, memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Says where the browser reads the chunks that follow, and what opens them.</summary>
    private static StreamRecord Reference(Uri url, BatchPlan plan, ISessionCipher cipher)
    {
        Span<byte> key = stackalloc byte[ObjectHeadJson.KeySize];
        Span<byte> commitment = stackalloc byte[ObjectHeadJson.CommitmentSize];
        cipher.CopyChunkKey(key, commitment);
        var head = new ObjectHeadJson(
            url.AbsoluteUri, plan.Offset, plan.Length, Convert.ToBase64String(key), Convert.ToBase64String(commitment));
        CryptographicOperations.ZeroMemory(key);
        return StreamRecord.Of(head, StreamJson.Default.ObjectHeadJson);
    }

    private static StreamRecord Reference(ChunkRow chunk) => StreamRecord.Of(
        new BatchHeadJson(chunk.Window.ToString(), chunk.Seq) { Offset = chunk.Location.Offset, Size = chunk.Location.Length },
        StreamJson.Default.BatchHeadJson);

    private static StreamRecord Problem(ChunkId id, Exception error)
    {
        var problem = PlaybackProblem.OfChunk(error);
        return StreamRecord.Of(
            new BatchHeadJson(id.Window.ToString(), id.Seq) { Problem = problem.Code, Title = problem.Title, Rule = problem.Rule },
            StreamJson.Default.BatchHeadJson);
    }
}
