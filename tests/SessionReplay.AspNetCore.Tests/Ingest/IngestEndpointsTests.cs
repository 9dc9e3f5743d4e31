using System.Net;
using System.Text.Json;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class IngestEndpointsTests
{
    [Fact]
    public async Task Settings_ConfiguredKey_TellsItsSettings()
    {
        await using var host = await IngestHost.StartAsync(options =>
        {
            var recorder = options.Tenants[0].WriteKeys[0].Recorder;
            (recorder.SampleRate, recorder.MaskAllText, recorder.RecordConsole) = (0.25, true, false);
            options.Sessions.IdleTimeout = TimeSpan.FromMinutes(10);
        });

        using var response = await host.Client.GetAsync($"v1/settings?key={IngestHost.Key}");

        Assert.Equal("max-age=300, private", response.Headers.CacheControl!.ToString());
        var settings = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(
            ["enabled", "sampleRate", "maskAllText", "recordNetworkBodies", "recordConsole", "respectDoNotTrack", "recordAssets",
            "serverTime", "version", "limits"],
            settings.EnumerateObject().Select(member => member.Name));
        Assert.Equal(0.25, settings.GetProperty("sampleRate").GetDouble());
        Assert.True(settings.GetProperty("maskAllText").GetBoolean());
        Assert.False(settings.GetProperty("recordConsole").GetBoolean());
        Assert.Equal("{\"batchBytes\":16777216,\"idleMs\":600000,\"sessionMs\":86400000}", settings.GetProperty("limits").GetRawText());
    }

    [Fact]
    public async Task Settings_UnknownKey_Is401()
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.Client.GetAsync("v1/settings?key=nothing-here");
        await IngestHost.ProblemAsync(response, HttpStatusCode.Unauthorized, "write-key-unknown");
    }

    [Fact]
    public async Task Forget_NoSessionId_Is404()
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.PostAsync($"v1/sessions/xyz/forget?key={IngestHost.Key}", IngestHost.Body(Upload.Frame([])));
        await IngestHost.ProblemAsync(response, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Forget_SessionOfAnotherTenant_IsLeft()
    {
        await using var host = await IngestHost.StartAsync();
        var session = BatchSamples.NewSession();
        var window = WindowId.Create(TimeProvider.System);
        using var first = await host.SendAsync(Google.Protobuf.MessageExtensions.ToByteArray(BatchSamples.Create(session, window)));
        using var forget =
            await host.PostAsync($"v1/sessions/{session}/forget?key=wk_other_12345678", IngestHost.Body(Upload.Frame([])), null);
        using var second = await host.SendAsync(Google.Protobuf.MessageExtensions.ToByteArray(BatchSamples.Create(session, window, 1)));
        Assert.Equal(
            (HttpStatusCode.Accepted, HttpStatusCode.NotFound, HttpStatusCode.Accepted),
            (first.StatusCode, forget.StatusCode, second.StatusCode));
    }
}
