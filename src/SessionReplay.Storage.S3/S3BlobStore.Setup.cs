using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Util;

namespace SessionReplay.Storage.S3;

/// <content>What an operator sets up once.</content>
internal sealed partial class S3BlobStore
{
    private const string RulePrefix = "session-replay-";

    public async ValueTask<IReadOnlyList<string>> SetUpAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var done = new List<string>();
        if (await CallAsync(_options.Bucket, () => AmazonS3Util.DoesS3BucketExistV2Async(client, _options.Bucket), cancellationToken)
            .ConfigureAwait(false))
        {
            done.Add($"The bucket '{_options.Bucket}' is there.");
        }
        else
        {
            await CallAsync(_options.Bucket, () => client.PutBucketAsync(_options.Bucket, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            done.Add($"Made the bucket '{_options.Bucket}'.");
        }

        var kept = await OthersRulesAsync(cancellationToken).ConfigureAwait(false);
        var request = new PutLifecycleConfigurationRequest
        {
            BucketName = _options.Bucket,
            Configuration = new LifecycleConfiguration { Rules = [.. kept, UnfinishedUploads(), .. rules.Select(Retention)] },
        };
        await CallAsync(_options.Bucket, () => client.PutLifecycleConfigurationAsync(request, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        done.Add("Unfinished uploads are removed after 1 day.");
        done.AddRange(rules.Select(r => $"Objects under '{FullKey(r.Prefix)}' expire after {r.Days} days."));
        return done;
    }

    private async ValueTask<IEnumerable<LifecycleRule>> OthersRulesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = await CallAsync(
                _options.Bucket,
                () => client.GetLifecycleConfigurationAsync(
                    new GetLifecycleConfigurationRequest { BucketName = _options.Bucket }, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            return now.Configuration?.Rules?.Where(r => r.Id?.StartsWith(RulePrefix, StringComparison.Ordinal) != true).ToList() ?? [];
        }
        catch (BlobNotFoundException)
        {
            // NoSuchLifecycleConfiguration: the bucket has no rules yet.
            return [];
        }
    }

    private LifecycleRule Retention(BlobRetentionRule rule, int number) => new()
    {
        Id = $"{RulePrefix}retention-{number}",
        Status = LifecycleRuleStatus.Enabled,
        Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = FullKey(rule.Prefix) } },
        Expiration = new LifecycleRuleExpiration { Days = rule.Days },
    };

    private LifecycleRule UnfinishedUploads() => new()
    {
        Id = $"{RulePrefix}unfinished-uploads",
        Status = LifecycleRuleStatus.Enabled,
        Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = _options.KeyPrefix } },
        AbortIncompleteMultipartUpload = new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = 1 },
    };
}
