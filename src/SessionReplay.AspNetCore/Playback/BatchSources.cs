using Microsoft.AspNetCore.Http;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Finds the chunks of an answer with one query of the catalog, and opens the object that they are in, if any.</summary>
internal sealed class BatchSources([Guarded] ICatalogReader catalog, [Guarded] IBlobStore blobs, DirectDelivery direct)
{
    /// <summary>What an answer has at most: chunks, and bytes as they were sealed.</summary>
    private static readonly StretchLimits Limits = new(1_000, 8 * 1024 * 1024);

    /// <summary>
    /// A chunk leaves the catalog for an object, and one object for another, between the look-up and the read: then the catalog knows the
    /// new place.
    /// </summary>
    public async ValueTask<BatchSource> OpenAsync(
        HttpRequest request, SessionRow row, IReadOnlyList<ChunkStretch> stretches, IFieldProtector fields,
        CancellationToken cancellationToken)
    {
        for ((string Key, BlobNotFoundException Error)? gone = null; ;)
        {
            var page = await catalog.ReadStretchesAsync(row.Session, stretches, Limits, cancellationToken).ConfigureAwait(false);
            var plan = BatchPlan.Create(row, page, fields);
            if (plan.BlobKey is not { } key)
            {
                return new(plan, null, null);
            }

            if (key == gone?.Key)
            {
                return new(plan.WithoutObject(gone.Value.Error), null, null);
            }

            if (await direct.TryPresignAsync(request, key, cancellationToken).ConfigureAwait(false) is { } url)
            {
                return new(plan, null, url);
            }

            try
            {
                var range = await ObjectRange.OpenAsync(blobs, key, plan.Offset, plan.Length, cancellationToken).ConfigureAwait(false);
                return new(plan, range, null);
            }
            catch (BlobNotFoundException e)
            {
                gone = (key, e);
            }
        }
    }
}
