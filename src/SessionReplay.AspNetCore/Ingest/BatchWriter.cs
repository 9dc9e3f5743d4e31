using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Queues;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Takes a sanitized batch step by step to the queue: opens its session, charges the quotas, publishes it, and remembers that it did. A
/// step that does not end in time fails with the error of the dependency that it waited for.
/// </summary>
internal sealed class BatchWriter(
    IOptions<IngestOptions> options, ISessionCipherProvider sessions, IngestQuotas quotas, WindowReceipts receipts, CatalogRoom room,
    BatchPublisher publisher)
{
    // From here on the page may go away: a batch that came whole is kept.
    public async ValueTask<ISessionCipher> OpenAsync(HttpContext context, SessionRef session, SessionSecret secret, CancellationToken time)
    {
        if (room.WasFull())
        {
            throw IngestProblems.Unavailable("catalog-full", "The catalog is full until recordings have left it for the blob store.");
        }

        var address = context.Connection.RemoteIpAddress;
        try
        {
            return await sessions.GetOrCreateAsync(session, secret, () => quotas.TakeSessionAsync(session.Tenant, address, time), time)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new KeyStoreUnavailableException($"The session's key was not there within {options.Value.PublishTimeout}.", e);
        }
    }

    /// <summary>A batch that is sent again was charged before.</summary>
    public async ValueTask ReserveAsync(HttpContext context, ReceivedBatch batch, PayloadToSeal payload, CancellationToken time)
    {
        if (!receipts.IsReserved(batch.Id, batch.Digest))
        {
            try
            {
                await quotas.TakeRecordingAsync(batch.Id.SessionRef, context.Connection.RemoteIpAddress, Kept(batch, payload), time)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException e)
            {
                throw new CatalogUnavailableException($"The catalog did not count the batch within {options.Value.PublishTimeout}.", e);
            }
        }

        receipts.Reserve(batch.Id, batch.Digest);
    }

    /// <summary>The facts are stored beside the chunk, and not compressed.</summary>
    private static long Kept(ReceivedBatch batch, PayloadToSeal payload) => payload.Bytes.Length + batch.FactsToSeal.CalculateSize();

    /// <returns>How many rows of the catalog the batch makes at most, beside its own.</returns>
    public async ValueTask<int> PublishAsync(
        ReceivedBatch batch, ISessionCipher cipher, PayloadToSeal payload, IngestMemory.Account held, CancellationToken time)
    {
        try
        {
            return await publisher.PublishAsync(batch, cipher, payload, held, time).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new QueueUnavailableException($"The queue did not confirm within {options.Value.PublishTimeout}.", e);
        }
    }

    /// <returns>What is known to be durable of the batch's window: ranges of seq in order, both ends included.</returns>
    public IReadOnlyList<uint[]> Acknowledge(ReceivedBatch batch) => receipts.Add(batch.Id);
}
