using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// <c>GET api/tenants/{tenant}/sessions/{id}/assets</c>: streams stylesheets, images and fonts that the session names, as they were sealed.
/// </summary>
internal sealed class AssetsEndpoint(
    SessionFinder sessions, [Guarded] IAssetCatalog assets, AssetReader reader, ISessionCipherProvider ciphers, ViewTickets tickets,
    ILogger<PlaybackFilter> logger)
{
    private const string HashName = "hash";

    private const int MaxAssets = 64;

    /// <summary>What an answer has at most, in bytes as they were sealed; the first asset may be larger.</summary>
    private const long MaxBytes = 16 * 1024 * 1024;

    public async ValueTask<IResult> HandleAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (TryRead(context.Request.Query) is not { } hashes)
        {
            return PlaybackProblem.BadQuery(
                HashName, $"given 1 to {MaxAssets} times, each time the SHA-256 of an asset in 64 lower-case hex digits");
        }

        if (await sessions.FindAsync(context, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        using (var cipher = await ciphers.GetAsync(row.Session, cancellationToken).ConfigureAwait(false))
        {
            tickets.Accept(context, row.Session, cipher.Fields);
        }

        var keys = await assets.FindKeysAsync(row.Session, hashes, cancellationToken).ConfigureAwait(false);
        var found = hashes.Where(keys.ContainsKey).Select(hash => (hash, keys[hash]));
        return await StreamResult.StartAsync(
            context, ReadAsync(row.Session.Tenant, found, cancellationToken), logger, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>The hashes, each once; <see langword="null"/> when they are too many or not hashes.</returns>
    private static List<ContentHash>? TryRead(IQueryCollection query)
    {
        var values = query[HashName];
        if (values.Count is < 1 or > MaxAssets)
        {
            return null;
        }

        var hashes = new List<ContentHash>(values.Count);
        foreach (var value in values)
        {
            if (!ContentHash.TryParse(value, out var hash))
            {
                return null;
            }

            if (!hashes.Contains(hash))
            {
                hashes.Add(hash);
            }
        }

        return hashes;
    }

    private async IAsyncEnumerable<StreamRecord> ReadAsync(
        TenantId tenant, IEnumerable<(ContentHash Hash, Guid Key)> found, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long sent = 0;
        foreach (var (hash, key) in found)
        {
            var (record, isFull) = await TryReadAsync(tenant, hash, key, sent == 0 ? long.MaxValue : MaxBytes - sent, cancellationToken)
                .ConfigureAwait(false);
            if (isFull)
            {
                yield return StreamRecord.End(hasMore: true);
                yield break;
            }

            if (record is not null)
            {
                using (record)
                {
                    sent += record.Body.Length;
                    yield return record;
                }
            }
        }

        yield return StreamRecord.End(hasMore: false);
    }

    private async ValueTask<(StreamRecord? Record, bool IsFull)> TryReadAsync(
        TenantId tenant, ContentHash hash, Guid key, long room, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(tenant, hash, key, room, cancellationToken).ConfigureAwait(false);
        }
        catch (FormatRejectedException e)
        {
            Log.AssetUnreadable(logger, tenant, hash, e);
            var problem = PlaybackProblem.OfChunk(e);
            return (
                StreamRecord.Of(
                    new AssetHeadJson(hash.Hex) { Problem = problem.Code, Title = problem.Title, Rule = problem.Rule },
                    StreamJson.Default.AssetHeadJson),
                false);
        }
    }
}
