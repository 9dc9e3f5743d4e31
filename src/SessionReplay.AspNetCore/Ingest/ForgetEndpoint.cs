using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Lifecycle;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// <c>POST v1/sessions/{id}/forget</c>: deletes a session for its recorder, which proves with the session's secret that it is the one.
/// </summary>
internal sealed class ForgetEndpoint(
    SessionDeletion deletion, SecretCheck secrets, IngestQuotas quotas, ForgetAudit audit, IngestMemory memory,
    IOptions<IngestOptions> options)
{
    public async ValueTask<IResult> HandleAsync(HttpContext context, string id)
    {
        using var held = memory.Open(TokenBuckets.NameOf(context.Connection.RemoteIpAddress));
        using var body = await RequestBody.ReadAsync(context, UploadFrame.Size, options.Value.ReadTimeout, held).ConfigureAwait(false);
        var secret = UploadFrame.ReadSecret(body.WrittenSpan);
        var session = RequestSession.Read(context, id);
        await quotas.TakeForgetRequestAsync(session.Tenant, context.Connection.RemoteIpAddress, CancellationToken.None)
            .ConfigureAwait(false);
        try
        {
            // Looked up first: a tombstone for every id that somebody makes up would fill the store.
            if (!await secrets.HasBegunAsync(session, secret, CancellationToken.None).ConfigureAwait(false))
            {
                throw IngestProblems.NotFound();
            }
        }
        catch (KeyDeletedException)
        {
            return Results.StatusCode(StatusCodes.Status202Accepted);
        }
        catch (SessionSecretException)
        {
            await audit.AppendDeniedAsync(context, session).ConfigureAwait(false);
            throw;
        }

        await quotas.TakeForgetAsync(session.Tenant, CancellationToken.None).ConfigureAwait(false);
        // The page may go away: a deletion that was asked for is done.
        await audit.AppendAsync(context, session, allowed: true).ConfigureAwait(false);
        await deletion.DeleteAsync(session, "forget", CancellationToken.None).ConfigureAwait(false);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }
}
