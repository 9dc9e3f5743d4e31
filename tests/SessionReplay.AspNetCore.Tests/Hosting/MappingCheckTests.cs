using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace SessionReplay.AspNetCore.Tests.Hosting;

/// <summary>What was forgotten is said once the application has started.</summary>
public sealed class MappingCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_NothingMapped_SaysWhatToAdd() => Assert.Equal(
        ["SessionReplay's endpoints are not mapped, so nothing is recorded or played. Add app.MapSessionReplay();"],
        await StartAsync("Production", _ => { }));

    [Fact]
    public async Task Start_Mapped_SaysNothing() => Assert.Empty(await StartAsync("Production", app => app.MapSessionReplay()));

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    public async Task Start_TagInARazorComponent_SaysWhatToWriteWhileDeveloping(string environment, bool says)
    {
        Directory.CreateDirectory(_folder.File("Components"));
        await File.WriteAllTextAsync(_folder.File("Components/App.razor"), "<head>\n<session-replay-recorder />\n</head>");
        await File.WriteAllTextAsync(_folder.File("Components/Good.razor"), "<SessionReplayRecorder />");

        var warnings = await StartAsync(environment, app => app.MapSessionReplay());

        Assert.Equal(says ? 1 : 0, warnings.Count);
        Assert.All(warnings, warning => Assert.StartsWith(
            $"{Path.Combine("Components", "App.razor")} contains the tag <session-replay-recorder>, which records nothing in a Razor component. Use <SessionReplayRecorder />", warning, StringComparison.Ordinal));
    }

    private async Task<List<string>> StartAsync(string environment, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = _folder.FullPath, EnvironmentName = environment });
        var logger = Substitute.For<ILogger>();
        logger.IsEnabled(LogLevel.Warning).Returns(true);
        var provider = Substitute.For<ILoggerProvider>();
        provider.CreateLogger(typeof(MappingCheck).FullName!).Returns(logger);
        builder.Logging.ClearProviders().AddProvider(provider);
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddSessionReplay(
            options => options.Tenants.Add(new TenantOptions { Id = "app", WriteKeys = { new WriteKeyOptions { Key = "wk_12345678" } } }));
        await using var app = builder.Build();
        map(app);
        await app.StartAsync();
        await app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<MappingCheck>().Single().ExecuteTask!;
        await app.StopAsync();
        return [.. logger.ReceivedCalls().Where(call => call.GetMethodInfo().Name == "Log")
            .Select(call => call.GetArguments()[2]!.ToString()!)];
    }
}
