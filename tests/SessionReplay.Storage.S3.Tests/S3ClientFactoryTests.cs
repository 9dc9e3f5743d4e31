using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Testing;

namespace SessionReplay.Storage.S3.Tests;

public sealed class S3ClientFactoryTests
{
    private static readonly IValidateOptions<S3StorageOptions> Validator = new S3StorageOptionsValidator("A:B");

    // Long: the columns of a table.
    [Theory]
    [InlineData(S3Preset.DigitalOceanSpaces, "fra1", null, null, "https://fra1.digitaloceanspaces.com/", false, "fra1")]
    [InlineData(S3Preset.CloudflareR2, null, "acc", null, "https://acc.r2.cloudflarestorage.com/", false, "auto")]
    [InlineData(S3Preset.MinIO, null, null, "https://minio.example:9000", "https://minio.example:9000/", true, "us-east-1")]
    [InlineData(S3Preset.Ceph, null, null, "http://rgw.example", "http://rgw.example/", true, "us-east-1")]
    [InlineData(S3Preset.Aws, "eu-west-1", null, "https://vpce.example", "https://vpce.example/", false, "eu-west-1")]
    public void CreateConfig_Preset_SetsEndpointRegionAndAddressing(
        S3Preset preset, string? region, string? account, string? url, string endpoint, bool byPath, string signingRegion)
    {
        var config = S3ClientFactory.CreateConfig(new() { Preset = preset, Region = region, AccountId = account, ServiceUrl = url });

        Assert.Equal(endpoint, config.ServiceURL);
        Assert.Equal(byPath, config.ForcePathStyle);
        Assert.Equal(signingRegion, config.AuthenticationRegion);
    }

    [Fact]
    public void CreateConfig_AwsRegion_UsesTheRegionsEndpoint()
    {
        var config = S3ClientFactory.CreateConfig(new() { Region = "eu-central-1" });

        Assert.Equal("eu-central-1", config.RegionEndpoint.SystemName);
        Assert.Null(config.ServiceURL);
    }

    [Fact]
    public void CreateConfig_ForcePathStyleGiven_WinsOverThePreset() =>
        Assert.False(
            S3ClientFactory.CreateConfig(
                new() { Preset = S3Preset.MinIO, ServiceUrl = "http://m", ForcePathStyle = false }).ForcePathStyle);

    [Theory]
    [InlineData(S3Preset.DigitalOceanSpaces, null, null, "Region")]
    [InlineData(S3Preset.CloudflareR2, null, null, "AccountId")]
    [InlineData(S3Preset.MinIO, null, null, "ServiceUrl")]
    [InlineData(S3Preset.Ceph, null, null, "ServiceUrl")]
    [InlineData(S3Preset.Aws, "id", "", "SecretKey")]
    [InlineData(S3Preset.Aws, "", "sesame", "AccessKey")]
    public void Validate_SettingOfPresetOrCredentialsMissing_NamesIt(S3Preset preset, string? access, string? secret, string setting)
    {
        var options = new S3StorageOptions { Bucket = "bucket", Preset = preset, AccessKey = access, SecretKey = secret };

        var result = Validator.Validate(null, options);

        Assert.StartsWith($"'A:B:{setting}' is missing", result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", result.FailureMessage, StringComparison.Ordinal);
        options.ServiceKey = "";
        Assert.True(Validator.Validate(null, options).Succeeded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mine")]
    public async Task AddS3Storage_ServiceKey_UsesTheApplicationsClient(string key)
    {
        using var client = new AmazonS3Client(
            new BasicAWSCredentials("id", "secret"),
            new AmazonS3Config { ServiceURL = $"http://127.0.0.1:{FreePort.Next()}", MaxErrorRetry = 0 });
        var called = false;
        client.BeforeRequestEvent += (_, _) => called = true;
        var builder = new TestBuilder();
        if (key.Length == 0)
        {
            builder.Services.AddSingleton<IAmazonS3>(client);
        }
        else
        {
            builder.Services.AddKeyedSingleton<IAmazonS3>(key, client);
        }

        builder.AddS3Storage(options => (options.Bucket, options.ServiceKey) = ("bucket", key));
        await using var provider = builder.Services.BuildServiceProvider();

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(
            () => provider.GetRequiredService<IBlobStore>().OpenReadAsync("a", 0, 1, CancellationToken.None).AsTask());

        Assert.True(called);
    }

    [Theory]
    [InlineData("", "", "", 8 * 1024 * 1024, "Bucket")]
    [InlineData("bucket", "no-slash", "", 8 * 1024 * 1024, "KeyPrefix")]
    [InlineData("bucket", "", "rot13", 8 * 1024 * 1024, "ServerSideEncryption")]
    [InlineData("bucket", "", "", 1024, "PartBytes")]
    public void Validate_BadOption_NamesIt(string bucket, string prefix, string encryption, int partSize, string name)
    {
        var result = Validator.Validate(
            null, new() { Bucket = bucket, KeyPrefix = prefix, ServerSideEncryption = encryption, PartBytes = partSize });

        Assert.True(result.Failed);
        Assert.Contains(name, result.FailureMessage, StringComparison.Ordinal);
    }
}
