using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.Format;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary><c>POST v1/sessions/{id}/assets/missing</c>: answers which assets a page has to send.</summary>
internal sealed class MissingAssetsEndpoint(
    IOptions<IngestOptions> options, SecretCheck secrets, MissingAssetFinder finder, IngestMemory memory, IngestWork work,
    DependencyPipelines pipelines)
{
    private const int MaxHashes = 256;

    public async ValueTask<IResult> HandleAsync(HttpContext context, string id)
    {
        var session = RequestSession.Read(context, id);
        pipelines.ThrowIfBlobStoreIsWithheld();
        using var held = memory.Open(TokenBuckets.NameOf(context.Connection.RemoteIpAddress));
        using var upload = await RequestBody.ReadAsync(
            context, UploadFrame.Size + (MaxHashes * 66), options.Value.ReadTimeout, held).ConfigureAwait(false);
        var (secret, body) = UploadFrame.Read(upload.WrittenMemory);
        var hashes = Hashes(Encoding.ASCII.GetString(body.Span));
        work.TakeRows(context, 1 + hashes.Count);
        await secrets.ThrowIfOtherAsync(session, secret, context.RequestAborted).ConfigureAwait(false);
        var missing = await finder.FindAsync(session, hashes, context.RequestAborted).ConfigureAwait(false);
        return Results.Json(new MissingAssets([.. missing.Select(hash => hash.Hex)]), IngestJson.Default.MissingAssets);
    }

    private static List<ContentHash> Hashes(string body)
    {
        var hashes = new List<ContentHash>();
        foreach (var line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!ContentHash.TryParse(line, out var hash) || hashes.Count == MaxHashes)
            {
                throw IngestProblems.BadQuery("body", $"at most {MaxHashes} lines of 64 lower-case hex digits");
            }

            hashes.Add(hash);
        }

        return hashes;
    }
}
