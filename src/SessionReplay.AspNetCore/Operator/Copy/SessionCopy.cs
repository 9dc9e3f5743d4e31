using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>
/// Copies sessions: rows, then objects, and the session's row last, so that what was interrupted differs from its source and is
/// copied again. A session that is the same in both catalogs was copied and checked before.
/// </summary>
internal sealed class SessionCopy(CopyEnd source, CopyEnd target, KeyCopy keys, AssetCopy assets, CopyReport report, bool verifyAll)
{
    private const int Parallelism = 4;

    /// <summary>Compaction may move a session's chunks while it is copied, once.</summary>
    private const int Attempts = 3;

    private readonly ObjectCopy _objects = new(source.Blobs, target.Blobs, report);
    private readonly HeldChunkCopy _held = new(source.Catalog, target);

    public async ValueTask CopyAllAsync(CancellationToken cancellationToken)
    {
        var pairs = SideBySide.MatchAsync<SessionRow>(
            after => source.Sessions.ListSessionsAsync(after?.Session, SideBySide.PageSize, cancellationToken),
            after => target.Sessions.ListSessionsAsync(after?.Session, SideBySide.PageSize, cancellationToken),
            static (a, b) => SideBySide.Compare(a.Session, b.Session),
            cancellationToken);
        await Parallel.ForEachAsync(
            pairs,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (pair, stop) =>
            {
                if (!verifyAll && pair.Target is { IsDamaged: false } there && IsSame(pair.Source, there))
                {
                    report.Unchanged();
                }
                else
                {
                    await TryCopyAsync(pair.Source, stop).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
    }

    private static bool IsSame(SessionRow a, SessionRow b)
    {
        var bare = new SessionDelta();
        return a with { Totals = bare } == b with { Totals = bare } && Bare(a.Totals) == Bare(b.Totals)
            && a.Totals.User?.Time == b.Totals.User?.Time && Equal(a.Totals.User?.Sealed ?? default, b.Totals.User?.Sealed ?? default)
            && Equal(a.Totals.SealedIp, b.Totals.SealedIp) && Equal(a.Totals.SealedEntryUrl, b.Totals.SealedEntryUrl);

        SessionDelta Bare(SessionDelta totals) =>
            totals with { User = null, SealedIp = default, SealedEntryUrl = default, Terms = bare.Terms, CustomEvents = bare.CustomEvents };

        static bool Equal(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => one.Span.SequenceEqual(other.Span);
    }

    private async ValueTask TryCopyAsync(SessionRow row, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (row.IsDamaged)
                {
                    throw new FormatRejectedException("R3", "The catalog's row of the session cannot be read.");
                }

                await CopyAsync(row, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (BlobNotFoundException) when (attempt < Attempts)
            {
                if (await source.Catalog.FindSessionAsync(row.Session, cancellationToken).ConfigureAwait(false) is not { } moved)
                {
                    return;
                }

                row = moved;
            }
            catch (KeyDeletedException)
            {
                // Deleted since it was listed, or its key was given up: nobody can read it, there or here.
                return;
            }
            catch (Exception e) when (e is FormatRejectedException or BlobNotFoundException or IOException
                or KeyManagementException { IsPermanent: true })
            {
                report.Failed($"the session {row.Session}", e.Message);
                return;
            }
        }
    }

    private async ValueTask CopyAsync(SessionRow row, CancellationToken cancellationToken)
    {
        await keys.CopyAsync(DataKeyId.OfSession(row.Session), cancellationToken).ConfigureAwait(false);
        using var cipher = await target.Ciphers.GetAsync(row.Session, cancellationToken).ConfigureAwait(false);
        if (!await target.Sessions.WriteAsync(row, new(), cancellationToken).ConfigureAwait(false))
        {
            // Deleted at the target: a copy never brings a session back.
            return;
        }

        var (objects, held) = await CopyChunksAsync(row, cipher, cancellationToken).ConfigureAwait(false);
        await CopyTermsAsync(row, cancellationToken).ConfigureAwait(false);
        var named = await source.Assets.ListNamedAsync(row.Session, cancellationToken).ConfigureAwait(false);
        await assets.CopyMissingAsync(row.Session, named, cancellationToken).ConfigureAwait(false);
        await target.Sessions.WriteAsync(row, new() { Assets = named }, cancellationToken).ConfigureAwait(false);
        var there = await ListAsync(target.Blobs, row, cancellationToken).ConfigureAwait(false);
        var here = await ListAsync(source.Blobs, row, cancellationToken).ConfigureAwait(false);
        foreach (var (key, chunks) in objects)
        {
            var isThere = here.TryGetValue(key, out var length) && there.TryGetValue(key, out var other) && length == other;
            await _objects.CopyAsync(row.Session, key, chunks, isThere, cipher, cancellationToken).ConfigureAwait(false);
        }

        if (await target.Sessions.WriteAsync(row, new() { IsLast = true }, cancellationToken).ConfigureAwait(false))
        {
            report.Copied(held + objects.Sum(static o => o.Value.Count));

            // Parts that an earlier copy brought and compaction has replaced since. Where both ends share a store, the source lists them
            // too.
            var replaced = there.Keys.Where(key => !here.ContainsKey(key) && !objects.ContainsKey(key));
            await target.Blobs.DeleteAsync([.. replaced], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>The chunks by object, without their facts, and how many the catalog holds, which are copied with their rows.</returns>
    private async ValueTask<(Dictionary<string, List<ChunkRow>> Objects, int Held)> CopyChunksAsync(
        SessionRow row, ISessionCipher cipher, CancellationToken cancellationToken)
    {
        var (objects, held) = (new Dictionary<string, List<ChunkRow>>(StringComparer.Ordinal), 0);
        for (ChunkCursor? after = null; ;)
        {
            var page = await source.Catalog.ListChunksAsync(row.Session, after, SideBySide.PageSize, cancellationToken)
                .ConfigureAwait(false);
            foreach (var chunk in page)
            {
                ChunkPlace.Check(row.Session, row.SessionStarted, chunk.Location);
                if (cipher.Fields.TryOpenFacts(row.Session, chunk) is null)
                {
                    throw new FormatRejectedException("C6", "The catalog's row of a chunk is not authentic.");
                }

                if (chunk.Location.BlobKey is not { } key)
                {
                    continue;
                }

                if (!objects.TryGetValue(key, out var chunks))
                {
                    objects.Add(key, chunks = []);
                }

                chunks.Add(chunk with { SealedFacts = default, SealedWindowEnd = default });
            }

            var inObjects = page.Where(static chunk => !chunk.Location.IsInCatalog).ToList();
            await target.Sessions.WriteAsync(row, new() { Chunks = inObjects }, cancellationToken).ConfigureAwait(false);
            held += await _held.CopyAsync(row, [.. page.Except(inObjects)], cipher, cancellationToken).ConfigureAwait(false);
            if (page.Count < SideBySide.PageSize)
            {
                return (objects, held);
            }

            after = new(page[^1].Window, page[^1].Seq);
        }
    }

    private async ValueTask CopyTermsAsync(SessionRow row, CancellationToken cancellationToken)
    {
        for (ReadOnlyMemory<byte> after = default; ;)
        {
            var page = await source.Sessions.ListTermsAsync(row.Session, after, SideBySide.PageSize, cancellationToken)
                .ConfigureAwait(false);
            await target.Sessions.WriteAsync(row, new() { Terms = page }, cancellationToken).ConfigureAwait(false);
            if (page.Count < SideBySide.PageSize)
            {
                return;
            }

            after = page[^1].Index;
        }
    }

    private static async ValueTask<Dictionary<string, long>> ListAsync(
        IBlobStore blobs, SessionRow row, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        var prefix = BlobPaths.Session(row.Session, row.SessionStarted);
        await foreach (var blob in blobs.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            found[blob.Key] = blob.Length;
        }

        return found;
    }
}
