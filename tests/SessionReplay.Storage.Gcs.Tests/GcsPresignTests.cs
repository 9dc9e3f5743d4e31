using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Testing;

namespace SessionReplay.Storage.Gcs.Tests;

/// <summary>
/// Presigned URLs, checked as Google does (cloud.google.com/storage/docs/authentication/signatures); the emulator does not.
/// </summary>
public sealed class GcsPresignTests
{
    [Fact]
    public async Task TryPresign_ServiceAccount_SignsForTheObjectUntilItExpires()
    {
        using var folder = new TempFolder();
        using var rsa = RSA.Create(2048);
        await File.WriteAllTextAsync(folder.File("account.json"), new JsonObject
        {
            ["type"] = "service_account",
            ["client_email"] = "replay@project.iam.gserviceaccount.com",
            ["private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
        }.ToJsonString());
        var builder = new TestBuilder();
        builder.AddGcsStorage(o => (o.Bucket, o.KeyPrefix, o.CredentialsFile) = ("recordings", "replay/", folder.File("account.json")));
        await using var provider = builder.Services.BuildServiceProvider();

        var url = await provider.GetRequiredService<IBlobStore>().TryPresignAsync(
            "shop/one.bin", TimeProvider.System.GetUtcNow().AddMinutes(5), default);

        Assert.StartsWith("https://storage.googleapis.com/recordings/replay/shop/one.bin?", url!.AbsoluteUri, StringComparison.Ordinal);
        var query = url.Query[1..].Split('&').ToDictionary(part => part.Split('=')[0], part => part.Split('=')[1]);
        Assert.InRange(int.Parse(query["X-Goog-Expires"], System.Globalization.CultureInfo.InvariantCulture), 290, 300);
        var signed = string.Join('&', query.Where(part => part.Key != "X-Goog-Signature").OrderBy(part => part.Key, StringComparer.Ordinal)
            .Select(part => $"{part.Key}={part.Value}"));
        var request = $"GET\n{url.AbsolutePath}\n{signed}\nhost:{url.Host}\n\nhost\nUNSIGNED-PAYLOAD";
        var scope = Uri.UnescapeDataString(query["X-Goog-Credential"]).Split('/', 2)[1];
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)));
        Assert.True(rsa.VerifyData(
            Encoding.UTF8.GetBytes($"GOOG4-RSA-SHA256\n{query["X-Goog-Date"]}\n{scope}\n{hash}"),
            Convert.FromHexString(query["X-Goog-Signature"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
