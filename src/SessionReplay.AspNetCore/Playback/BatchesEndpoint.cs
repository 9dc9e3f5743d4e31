using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// <c>GET api/tenants/{tenant}/sessions/{id}/batches</c>: streams the batches of stretches as they were sealed, from one place: one
/// query of the catalog, and one read of the blob store for those that lie in an object.
/// </summary>
internal sealed class BatchesEndpoint(
    SessionFinder sessions, [Guarded] ICatalogReader catalog, [Guarded] IBlobStore blobs, ISessionCipherProvider ciphers,
    ViewTickets tickets, ILogger<PlaybackFilter> logger)
{
    /// <summary>What an answer has at most: chunks, and bytes as they were sealed.</summary>
    private static readonly StretchLimits Limits = new(1_000, 8 * 1024 * 1024);

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
        tickets.Accept(context, row.Session, cipher.Fields);
        var (plan, range) = await OpenAsync(row, stretches, cipher.Fields, cancellationToken).ConfigureAwait(false);
        if (range is not null)
        {
            context.Response.RegisterForDisposeAsync(range);
        }

        return await StreamResult.StartAsync(
            context, ReadAsync(row.Session, plan, range, cipher, cancellationToken), logger, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A chunk leaves the catalog for an object, and one object for another, between the look-up and the read: then the catalog knows the
    /// new place.
    /// </summary>
    private async ValueTask<(BatchPlan Plan, ObjectRange? Range)> OpenAsync(
        SessionRow row, IReadOnlyList<ChunkStretch> stretches, IFieldProtector fields, CancellationToken cancellationToken)
    {
        for ((string Key, BlobNotFoundException Error)? gone = null; ;)
        {
            var page = await catalog.ReadStretchesAsync(row.Session, stretches, Limits, cancellationToken).ConfigureAwait(false);
            var plan = BatchPlan.Create(row, page, fields);
            if (plan.BlobKey is not { } key)
            {
                return (plan, null);
            }

            if (key == gone?.Key)
            {
                return (plan.WithoutObject(gone.Value.Error), null);
            }

            try
            {
                return (plan, await ObjectRange.OpenAsync(blobs, key, plan.Offset, plan.Length, cancellationToken).ConfigureAwait(false));
            }
            catch (BlobNotFoundException e)
            {
                gone = (key, e);
            }
        }
    }

    private async IAsyncEnumerable<StreamRecord> ReadAsync(
        SessionRef session, BatchPlan plan, ObjectRange? range, ISessionCipher cipher,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isLogged = false;
        foreach (var (chunk, found) in plan.Chunks)
        {
            var id = new ChunkId(session.Tenant, session.Session, chunk.Row.Window, chunk.Row.Seq);
            var (opened, problem) = found is null
                ? await TryOpenAsync(id, chunk, range, cipher, cancellationToken).ConfigureAwait(false)
                : (null, found);
            if (problem is not null && !isLogged)
            {
                Log.ChunkUnreadable(logger, id, problem);
                isLogged = true;
            }

            using var record = opened ?? Problem(id, problem!);
            yield return record;
        }

        yield return StreamRecord.End(plan.HasMore);
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

    private static StreamRecord Problem(ChunkId id, Exception error)
    {
        var problem = PlaybackProblem.OfChunk(error);
        return StreamRecord.Of(
            new BatchHeadJson(id.Window.ToString(), id.Seq) { Problem = problem.Code, Title = problem.Title, Rule = problem.Rule },
            StreamJson.Default.BatchHeadJson);
    }
}
