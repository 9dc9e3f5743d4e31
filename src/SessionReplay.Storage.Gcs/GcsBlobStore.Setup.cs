using System.Net;
using System.Text.Json.Nodes;

namespace SessionReplay.Storage.Gcs;

/// <content>What an operator sets up once.</content>
internal sealed partial class GcsBlobStore : IBlobStoreSetup
{
    public async ValueTask<IReadOnlyList<string>> SetUpAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var done = new List<string>();
        using (var look = new HttpRequestMessage(HttpMethod.Get, _client.BucketUrl))
        using (var found = await _client.SendAsync(_options.Bucket, look, cancellationToken, HttpStatusCode.NotFound).ConfigureAwait(false))
        {
            if (found.IsSuccessStatusCode)
            {
                done.Add($"The bucket '{_options.Bucket}' is there.");
            }
            else
            {
                await MakeBucketAsync(cancellationToken).ConfigureAwait(false);
                done.Add($"Made the bucket '{_options.Bucket}'.");
            }
        }

        var lifecycle = new JsonArray([Rule("AbortIncompleteMultipartUpload", 1, null), .. rules.Select(r => Rule("Delete", r.Days, FullKey(r.Prefix)))]);
        using var request = new HttpRequestMessage(HttpMethod.Patch, _client.BucketUrl)
        {
            Content = GcsClient.Json(new JsonObject { ["lifecycle"] = new JsonObject { ["rule"] = lifecycle } }, GcsJson.Default.JsonObject),
        };
        using var response = await _client.SendAsync(_options.Bucket, request, cancellationToken).ConfigureAwait(false);
        done.Add("Replaced the bucket's lifecycle rules: unfinished uploads are removed after 1 day.");
        done.AddRange(rules.Select(r => $"Objects under '{FullKey(r.Prefix)}' expire after {r.Days} days."));
        return done;
    }

    private static JsonObject Rule(string action, int days, string? prefix)
    {
        var condition = new JsonObject { ["age"] = days };
        if (prefix is not null)
        {
            condition["matchesPrefix"] = new JsonArray(JsonValue.Create(prefix));
        }

        return new() { ["action"] = new JsonObject { ["type"] = action }, ["condition"] = condition };
    }

    private async ValueTask MakeBucketAsync(CancellationToken cancellationToken)
    {
        if (_options.ProjectId is not { Length: > 0 })
        {
            throw new InvalidOperationException(
                $"There is no bucket '{_options.Bucket}'. Make it, or name the project to make it in with ProjectId.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, _client.NewBucketUrl)
        {
            Content = GcsClient.Json(new JsonObject { ["name"] = _options.Bucket }, GcsJson.Default.JsonObject),
        };
        using var response = await _client.SendAsync(_options.Bucket, request, cancellationToken).ConfigureAwait(false);
    }
}
