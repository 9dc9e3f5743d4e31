using System.Net;
using System.Text;
using SessionReplay.Testing;

namespace SessionReplay.Storage.S3.Tests;

public sealed class S3RequestTests
{
    private const string UploadBegun =
        "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>a.bin</Key><UploadId>1</UploadId></InitiateMultipartUploadResult>";
    private const string UploadCompleted = "<CompleteMultipartUploadResult><ETag>1</ETag></CompleteMultipartUploadResult>";

    [Theory]
    [InlineData(1, 1)]
    [InlineData(11 * 1024 * 1024, 5)]
    public async Task Put_AnySize_SendsBodiesWithoutWaitingForContinue(int size, int requests)
    {
        using var server = new HttpListener();
        var options = new S3StorageOptions
        {
            ServiceUrl = $"http://127.0.0.1:{FreePort.Next()}", Bucket = "b", ForcePathStyle = true, AccessKey = "a", SecretKey = "s",
            PartBytes = 5 * 1024 * 1024,
        };
        server.Prefixes.Add(options.ServiceUrl + "/");
        server.Start();
        using var client = S3ClientFactory.Create(options);
        var store = new S3BlobStore(client, Microsoft.Extensions.Options.Options.Create(options));
        using var content = new MemoryStream(new byte[size]);

        var seen = AnswerAsync(server, requests);
        await store.PutAsync("a.bin", content, size, default);

        Assert.All(await seen, expect => Assert.Null(expect));
    }

    /// <summary>Answers so many calls as S3 would, and returns the <c>Expect</c> header of each.</summary>
    private static async Task<List<string?>> AnswerAsync(HttpListener server, int requests)
    {
        var seen = new List<string?>();
        while (seen.Count < requests)
        {
            var context = await server.GetContextAsync();
            await context.Request.InputStream.CopyToAsync(Stream.Null);
            seen.Add(context.Request.Headers["Expect"]);
            context.Response.Headers["ETag"] = "\"1\"";
            var answer = context.Request.HttpMethod == "PUT"
                ? ""
                : context.Request.Url!.Query.Contains("uploads", StringComparison.Ordinal) ? UploadBegun : UploadCompleted;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
            context.Response.Close();
        }

        return seen;
    }
}
