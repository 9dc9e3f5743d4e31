using Google.Apis.Storage.v1.Data;
using Google.Cloud.Storage.V1;

namespace SessionReplay.Storage.Gcs;

/// <content>What an operator sets up once.</content>
internal sealed partial class GcsBlobStore
{
    public async ValueTask<IReadOnlyList<string>> SetUpAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        try
        {
            var found = await MakeBucketAsync(cancellationToken).ConfigureAwait(false);
            var lifecycle =
                new Bucket.LifecycleData { Rule = [
                    Rule("AbortIncompleteMultipartUpload", 1, null), .. rules.Select(r => Rule("Delete", r.Days, FullKey(r.Prefix)))] };
            await _client.PatchBucketAsync(
                new Bucket { Name = _options.Bucket, Lifecycle = lifecycle }, new PatchBucketOptions { RetryOptions = RetryOptions.Never },
                cancellationToken).ConfigureAwait(false);
            return
            [
                found,
                "Replaced the bucket's lifecycle rules: unfinished uploads are removed after 1 day.",
                .. rules.Select(r => $"Objects under '{FullKey(r.Prefix)}' expire after {r.Days} days."),
            ];
        }
        catch (Exception e) when (GcsErrors.Unavailable(e, _options.Bucket, cancellationToken) is { } unavailable)
        {
            throw unavailable;
        }
    }

    private static Bucket.LifecycleData.RuleData Rule(string action, int days, string? prefix) => new()
    {
        Action = new() { Type = action },
        Condition = new() { Age = days, MatchesPrefix = prefix is null ? null : [prefix] },
    };

    /// <summary>Makes the bucket where it is not there, and says which of both.</summary>
    private async ValueTask<string> MakeBucketAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.GetBucketAsync(_options.Bucket, new GetBucketOptions { RetryOptions = RetryOptions.Never }, cancellationToken)
                .ConfigureAwait(false);
            return $"The bucket '{_options.Bucket}' is there.";
        }
        catch (Exception e) when (GcsErrors.IsNotFound(e))
        {
            if (_options.ProjectId is not { Length: > 0 } project)
            {
                throw new InvalidOperationException(
                    $"There is no bucket '{_options.Bucket}'. Make it, or name the project to make it in with ProjectId.", e);
            }

            await _client.CreateBucketAsync(
                project, new Bucket { Name = _options.Bucket }, new CreateBucketOptions { RetryOptions = RetryOptions.Never },
                cancellationToken).ConfigureAwait(false);
            return $"Made the bucket '{_options.Bucket}'.";
        }
    }
}
