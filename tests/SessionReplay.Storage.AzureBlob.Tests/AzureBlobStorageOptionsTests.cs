using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Testing;

namespace SessionReplay.Storage.AzureBlob.Tests;

public sealed class AzureBlobStorageOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("nonsense-with-a-secret")]
    [InlineData("AccountName=a;AccountKey=nonsense-with-a-secret")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=nonsense-with-a-secret!")]
    public void AddAzureBlobStorage_ConnectionStringThatIsNone_NamesTheSettingAndShowsNothingOfIt(string connectionString)
    {
        var builder = new TestBuilder();
        builder.AddAzureBlobStorage(options => (options.ConnectionString, options.Bucket) = (connectionString, "recordings"));
        using var provider = builder.Services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IBlobStore>());

        Assert.Contains("'SessionReplay:Storage:AzureBlob:ConnectionString'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }
}
