namespace SessionReplay.Storage.S3.Tests;

public sealed class S3ClientFactoryTests
{
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
        Assert.False(S3ClientFactory.CreateConfig(new() { Preset = S3Preset.MinIO, ServiceUrl = "http://m", ForcePathStyle = false }).ForcePathStyle);

    [Theory]
    [InlineData(S3Preset.DigitalOceanSpaces, "Region")]
    [InlineData(S3Preset.CloudflareR2, "AccountId")]
    [InlineData(S3Preset.MinIO, "ServiceUrl")]
    [InlineData(S3Preset.Ceph, "ServiceUrl")]
    public void CreateConfig_SettingOfPresetMissing_NamesIt(S3Preset preset, string setting)
    {
        var error = Assert.Throws<InvalidOperationException>(() => S3ClientFactory.CreateConfig(new() { Preset = preset }));

        Assert.Contains($"SessionReplay:Storage:S3:{setting}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id", "", "SecretKey")]
    [InlineData("", "secret", "AccessKey")]
    public void Create_HalfOfTheCredentials_NamesTheOther(string access, string secret, string setting)
    {
        var error = Assert.Throws<InvalidOperationException>(() => S3ClientFactory.Create(new() { Region = "eu-central-1", AccessKey = access, SecretKey = secret }));

        Assert.Contains($"SessionReplay:Storage:S3:{setting}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "", 8 * 1024 * 1024, "Bucket")]
    [InlineData("bucket", "no-slash", "", 8 * 1024 * 1024, "KeyPrefix")]
    [InlineData("bucket", "", "rot13", 8 * 1024 * 1024, "ServerSideEncryption")]
    [InlineData("bucket", "", "", 1024, "PartSize")]
    public void Validate_BadOption_NamesIt(string bucket, string prefix, string encryption, int partSize, string name)
    {
        var result = new S3StorageOptionsValidator().Validate(
            null, new() { Bucket = bucket, KeyPrefix = prefix, ServerSideEncryption = encryption, PartSize = partSize });

        Assert.True(result.Failed);
        Assert.Contains(name, result.FailureMessage, StringComparison.Ordinal);
    }
}
