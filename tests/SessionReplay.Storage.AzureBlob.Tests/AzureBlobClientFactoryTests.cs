using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.Storage.AzureBlob.Tests;

public sealed class AzureBlobClientFactoryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("nonsense-with-a-secret")]
    [InlineData("AccountName=a;AccountKey=nonsense-with-a-secret")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=nonsense-with-a-secret!")]
    public void Create_ConnectionStringThatIsNone_NamesTheSettingAndShowsNothingOfIt(string connectionString)
    {
        using var provider = new ServiceCollection().BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(() => AzureBlobClientFactory.Create(provider, new() { ConnectionString = connectionString }));

        Assert.Contains("ConnectionString", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }
}
