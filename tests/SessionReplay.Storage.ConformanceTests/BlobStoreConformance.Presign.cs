using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Presigned URLs.</content>
public abstract partial class BlobStoreConformance
{
    /// <summary>Whether the store makes presigned URLs.</summary>
    protected abstract bool Presigns { get; }

    /// <summary>Whether the peer checks them.</summary>
    protected virtual bool ChecksSignatures => true;

    [SkippableFact]
    public async Task TryPresign_Object_IsReadByRangeWithoutCredentials()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);
        await PutAsync("presigned_file.bin", content);
        var url = await Store.TryPresignAsync(Root + "presigned_file.bin", TimeProvider.System.GetUtcNow().AddMinutes(5), default);
        if (!Presigns)
        {
            Assert.Null(url);
            return;
        }

        using var http = new HttpClient();
        Assert.Equal(content, await http.GetByteArrayAsync(url));
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(500, 1_499) } };
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(content[500..1_500], await answer.Content.ReadAsByteArrayAsync());
        using var written = await http.PutAsync(url, new ByteArrayContent([1]));
        Assert.False(ChecksSignatures && written.IsSuccessStatusCode);
    }

    [SkippableFact]
    public async Task TryPresign_ExpiredOrForAnotherObject_IsRefused()
    {
        if (!Presigns || !ChecksSignatures)
        {
            return;
        }

        await PutAsync("mine.bin", [1, 2, 3]);
        await PutAsync("other.bin", [4, 5, 6]);
        var url = await Store.TryPresignAsync(Root + "mine.bin", TimeProvider.System.GetUtcNow().AddSeconds(3), default);

        using var http = new HttpClient();
        Assert.Equal([1, 2, 3], await http.GetByteArrayAsync(url));
        var other = url!.AbsoluteUri.Replace("mine.bin", "other.bin", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, other));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, url.GetLeftPart(UriPartial.Path), HttpStatusCode.NotFound));
        var status = HttpStatusCode.OK;
        for (var i = 0; i < 20 && status == HttpStatusCode.OK; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            status = await StatusAsync(http, url.AbsoluteUri);
        }

        Assert.Equal(HttpStatusCode.Forbidden, status);
    }

    [SkippableFact]
    public async Task TryPresign_NoObject_IsNotChecked()
    {
        var url = await Store.TryPresignAsync(Root + "missing.bin", TimeProvider.System.GetUtcNow().AddMinutes(1), default);

        Assert.Equal(Presigns, url is not null);
    }

    /// <param name="http">The client.</param>
    /// <param name="url">What to ask for.</param>
    /// <param name="same">A status that says the same: Azure does not say of a private object that it is there.</param>
    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string url, HttpStatusCode? same = null)
    {
        using var answer = await http.GetAsync(url);
        return answer.StatusCode == same ? HttpStatusCode.Forbidden : answer.StatusCode;
    }
}
