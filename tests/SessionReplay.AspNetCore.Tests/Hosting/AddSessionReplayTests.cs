using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NSubstitute;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;
using SessionReplay.Storage.Blobs;

namespace SessionReplay.AspNetCore.Tests.Hosting;

public sealed class AddSessionReplayTests
{
    [Fact]
    public async Task Add_NothingChosen_EmbeddedPartsInTheDataDirectory()
    {
        using var folder = new TempFolder();
        await using var provider = Build(folder, services => services.AddSessionReplay(Configuration()));
        Assert.All(
            new[] { typeof(IMessageQueue), typeof(IBlobStore), typeof(ICatalogReader), typeof(ICatalogWriter), typeof(ISessionLifecycle),
                typeof(IKeyStore), typeof(IKeyManagementService), typeof(ISessionCipherProvider), typeof(ITenantCipherProvider) },
            service => Assert.NotNull(provider.GetService(service)));
        Assert.Equal(folder.File("session-replay-data/queue.db"), provider.GetRequiredService<IOptions<SqliteQueueOptions>>().Value.Path);
        Assert.Equal(folder.File("session-replay-data/blobs"), provider.GetRequiredService<IOptions<LocalBlobStoreOptions>>().Value.Path);
    }

    [SkippableTheory]
    [InlineData("queue.db", 256L << 20, false)]
    [InlineData("queue.db", (256L << 20) + 1, true)]
    [InlineData("/dev/shm/queue.db", 0L, true)]
    public async Task Add_QueueThatStopsAfterTheBlobFolder_IsAnErrorOnOneDisk(string path, long floor, bool valid)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Another disk is Linux's /dev/shm.");
        using var folder = new TempFolder();
        await using var provider = Build(folder, services => services.AddSessionReplay(Configuration(
            ("Queue:Sqlite:Path", path), ("Queue:Sqlite:MinFreeBytes", $"{floor}"))));
        var error = Record.Exception(() => provider.GetRequiredService<IOptions<SqliteQueueOptions>>().Value);

        Assert.Equal(valid, error is null);
        Assert.Equal(
            !valid, error is OptionsValidationException && error.Message.Contains("Storage:Local:MinFreeBytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Add_PathsConfigured_AreTakenFromTheContentRoot()
    {
        using var folder = new TempFolder();
        await using var provider = Build(folder, services => services.AddSessionReplay(Configuration(
            ("DataDirectory", "/elsewhere"), ("Storage:Local:Path", "files"), ("Queue:Provider", "sqlite"))));
        Assert.Equal("/elsewhere/queue.db", provider.GetRequiredService<IOptions<SqliteQueueOptions>>().Value.Path);
        Assert.Equal(folder.File("files"), provider.GetRequiredService<IOptions<LocalBlobStoreOptions>>().Value.Path);
    }

    [Fact]
    public async Task UseAdapter_Configured_IsReplacedWithItsOptionsAndHealthCheck()
    {
        using var folder = new TempFolder();
        var queue = Substitute.For<IMessageQueue>();
        await using var provider = Build(
            folder, services => services.AddSessionReplay(Configuration(("Queue:Sqlite:MaxAttempts", "-1")))
                .UseAdapter(AdapterKind.Queue, adapter => adapter.AddSingleton(queue)));
        Assert.Same(queue, Assert.Single(provider.GetServices<IMessageQueue>()));
        Assert.Null(provider.GetService<IQueueMonitor>());
        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.Empty(HealthChecks(provider, "queue"));
    }

    [Fact]
    public async Task UseAdapter_Twice_TheLastCounts()
    {
        using var folder = new TempFolder();
        await using var provider = Build(
            folder, services => services.AddSessionReplay(Configuration())
                .AddSqliteQueue(options => options.MaxAttempts = 3)
                .AddSqliteQueue(options => options.FirstRetryDelay = TimeSpan.FromSeconds(7)));
        var options = provider.GetRequiredService<IOptions<SqliteQueueOptions>>().Value;
        Assert.Equal((new SqliteQueueOptions().MaxAttempts, TimeSpan.FromSeconds(7)), (options.MaxAttempts, options.FirstRetryDelay));
        Assert.Equal(folder.File("session-replay-data/queue.db"), options.Path);
        Assert.Single(provider.GetServices<IMessageQueue>());
        Assert.Single(HealthChecks(provider, "queue"));
    }

    [Theory]
    [InlineData(AdapterKind.Queue)]
    [InlineData(AdapterKind.Storage)]
    [InlineData(AdapterKind.Catalog)]
    [InlineData(AdapterKind.KeyStore)]
    [InlineData(AdapterKind.KeyManagement)]
    public async Task UseAdapter_OneKind_LeavesTheOthersWhole(AdapterKind replaced)
    {
        using var folder = new TempFolder();
        await using var provider = Build(
            folder, services => services.AddSessionReplay(Configuration()).UseAdapter(replaced, static _ => { }));
        Assert.All(AdapterKinds.All, kind => Assert.Equal(kind == replaced, provider.GetService(AdapterKinds.ServiceOf(kind)) is null));
    }

    [Fact]
    public void UseAdapter_ServiceRegisteredByTheApplication_Throws()
    {
        var builder = new ServiceCollection().AddSingleton(Substitute.For<IMessageQueue>()).AddSessionReplay(Configuration());
        var e = Assert.Throws<InvalidOperationException>(() => builder.AddSqliteQueue());
        Assert.StartsWith("The application registers IMessageQueue itself", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_ServiceRegisteredBesideTheAdapter_CountsAndIsFound()
    {
        using var folder = new TempFolder();
        var queue = Substitute.For<IMessageQueue>();
        await using var provider = Build(folder, services => services.AddSessionReplay(Configuration()).Services.AddSingleton(queue));
        Assert.Same(queue, provider.GetRequiredService<IMessageQueue>());
        Assert.Equal([AdapterKind.Queue], provider.GetRequiredService<SessionReplayBuilder>().FindOverridden());
    }

    [Fact]
    public async Task Add_RegisteredInCodeBefore_Wins()
    {
        using var folder = new TempFolder();
        var blobs = Substitute.For<IBlobStore>();
        await using var provider = Build(folder, services =>
        {
            services.AddSingleton(blobs);
            services.AddSessionReplay(Configuration(("Storage:Provider", "Nonsense")));
        });
        Assert.Same(blobs, Assert.Single(provider.GetServices<IBlobStore>()));
        Assert.Empty(HealthChecks(provider, "storage"));
        Assert.Empty(provider.GetRequiredService<SessionReplayBuilder>().FindOverridden());
    }

    [Theory]
    [InlineData("Floppy", "known are: Local, Replicated, S3, Gcs, AzureBlob.")]
    [InlineData("AzureBlobs", "did you mean 'AzureBlob'?")]
    [InlineData("Locale", "did you mean 'Local'?")]
    public void Add_UnknownAdapter_NamesTheNearestOrAll(string name, string meant)
    {
        var e = Assert.Throws<InvalidOperationException>(
            () => new ServiceCollection().AddSessionReplay(Configuration(("Storage:Provider", name))));
        Assert.Equal(
            $"'SessionReplay:Storage:Provider' is '{name}', which is unknown; {meant} Otherwise register an adapter of your own in code.",
            e.Message);
    }

    [Fact]
    public void Add_AdapterNotReferenced_TellsThePackage()
    {
        var e = Assert.Throws<InvalidOperationException>(
            () => new ServiceCollection().AddSessionReplay(Configuration(("Storage:Provider", "gcs"))));
        Assert.Equal(
            "'SessionReplay:Storage:Provider' is 'Gcs' but SessionReplay.Storage.Gcs is not referenced. Run `dotnet add package SessionReplay.Storage.Gcs`.", e.Message);
    }

    [Fact]
    public void Resolve_AssemblyWithoutTheAdapter_TellsThatVersionsDiffer()
    {
        var e = Assert.Throws<InvalidOperationException>(
            () => AdapterResolver.Resolve(AdapterKind.Storage, "S3", "SessionReplay:Storage:Provider", _ => typeof(string).Assembly));
        Assert.Contains("Reference the same version of all SessionReplay packages", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_Twice_Throws()
    {
        var services = new ServiceCollection();
        services.AddSessionReplay(Configuration());
        Assert.Throws<InvalidOperationException>(() => services.AddSessionReplay(Configuration()));
    }

    [Fact]
    public async Task Add_SettingsFromConfiguration_AreBound()
    {
        using var folder = new TempFolder();
        await using var provider = Build(folder, services => services.AddSessionReplay(
            Configuration(
                ("Roles", "Ingest, Worker"), ("Tenants:0:Id", "shop"), ("Tenants:0:RetentionDays", "7"),
                ("Tenants:0:WriteKeys:0:Key", "wk_12345678"),
                ("Tenants:0:WriteKeys:0:Origins:0", "https://a.example"), ("Tenants:0:WriteKeys:0:Recorder:SampleRate", "0.5"),
                ("Ingest:MaxBatchBytes", "100000"), ("Sanitizing:FieldNames:0", "tax"), ("Sanitizing:Patterns:customer", @"KD-\d+")),
            options => options.Ingest.MaxEvents = 7));
        var settings = provider.GetRequiredService<IOptions<SessionReplayOptions>>().Value;
        Assert.Equal(SessionReplayRoles.Ingest | SessionReplayRoles.Worker, settings.Roles);
        var tenant = Assert.Single(settings.Tenants);
        Assert.Equal(("shop", 7), (tenant.Id, tenant.RetentionDays));
        var key = Assert.Single(tenant.WriteKeys);
        Assert.Equal(("wk_12345678", 0.5), (key.Key, key.Recorder.SampleRate));
        Assert.Equal(["https://a.example"], key.Origins);
        Assert.Equal((100_000, 7), (settings.Ingest.MaxBatchBytes, settings.Ingest.MaxEvents));
        Assert.Equal(["tax"], settings.Sanitizing.FieldNames);
        Assert.Equal(@"KD-\d+", settings.Sanitizing.Patterns["customer"]);
    }

    [Theory]
    [InlineData("Roles", "None", "'SessionReplay:Roles' is None; use Ingest, Worker, Playback")]
    [InlineData("Roles", "64", "'SessionReplay:Roles' is 64; use Ingest, Worker, Playback")]
    [InlineData("Tenants:0:Id", "Shop!", "'SessionReplay:Tenants:0:Id' is 'Shop!'")]
    [InlineData("Tenants:1:Id", "a", "'SessionReplay:Tenants:1:Id' is 'a', as that of another tenant")]
    [InlineData("Tenants:0:RetentionDays", "0", "'SessionReplay:Tenants:0:RetentionDays' is 0; use 1 to 3650")]
    [InlineData("Tenants:0:WriteKeys:0:Key", "short", "'SessionReplay:Tenants:0:WriteKeys:0:Key' is not a write key")]
    [InlineData("Tenants:0:WriteKeys:1:Key", "wk_12345678", "'SessionReplay:Tenants:0:WriteKeys:1:Key' is the same as another")]
    [InlineData("Tenants:0:WriteKeys:0:Origins:0", "shop.example", "'SessionReplay:Tenants:0:WriteKeys:0:Origins:0' is 'shop.example'")]
    [InlineData("Tenants:0:WriteKeys:0:Recorder:SampleRate", "2", "'SessionReplay:Tenants:0:WriteKeys:0:Recorder:SampleRate' is 2")]
    [InlineData("Ingest:MaxBatchBytes", "5", "'SessionReplay:Ingest:MaxBatchBytes' must be between")]
    [InlineData("Sanitizing:Patterns:x", "(", "'SessionReplay:Sanitizing:Patterns:x' is not a regular expression")]
    [InlineData("Sanitizing:Patterns:x", "a*", "matches an empty text")]
    [InlineData("Sanitizing:Patterns:Ä", "a", "is not a rule's name")]
    public async Task Validate_WrongSetting_NamesItsPath(string path, string value, string expected)
    {
        using var folder = new TempFolder();
        await using var provider = Build(
            folder, services =>
                services.AddSessionReplay(
                    Configuration(("Tenants:0:Id", "a"), ("Tenants:0:WriteKeys:0:Key", "wk_12345678"), (path, value))));
        var e = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SessionReplayOptions>>().Value);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Roles", "Ingests",
        "'SessionReplay:Roles' is 'Ingests'; use Ingest, Worker, Playback, several of them in one text with commas between, or All.")]
    [InlineData(
        "Roles:0", "Ingest",
        "'SessionReplay:Roles' is a list; use Ingest, Worker, Playback, several of them in one text with commas between, or All.")]
    public void Add_RolesNotUnderstood_TellsHowTheyAreWritten(string path, string value, string expected)
    {
        var e = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddSessionReplay(Configuration((path, value))));
        Assert.Equal(expected, e.Message);
    }

    [Fact]
    public async Task Start_NoWriteKey_TellsWhatToAdd()
    {
        using var folder = new TempFolder();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.FullPath });
        builder.Services.AddSessionReplay(builder.Configuration);
        await using var app = builder.Build();
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
        Assert.Matches(
            "\"SessionReplay\": \\{ \"Tenants\": \\[ \\{ \"Id\": \"app\", \"WriteKeys\": \\[ \\{ \"Key\": \"wk_[0-9a-f]{24}\" \\} \\] \\} \\] \\}", e.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_UnknownPolicy_TellsWhichSettingNamesIt(bool hasAuthorization)
    {
        using var folder = new TempFolder();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.FullPath });
        if (hasAuthorization)
        {
            builder.Services.AddAuthorization(options => options.AddPolicy("support", policy => policy.RequireRole("support")));
        }

        builder.Services.AddSessionReplay(
            Configuration(
                ("Roles", "Playback"), ("Playback:ViewPolicy", "suport"), ("Playback:AuditPolicy", hasAuthorization ? "support" : "")));
        await using var app = builder.Build();
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
        Assert.StartsWith(
            "'SessionReplay:Playback:ViewPolicy' is 'suport', and the application has no such policy.", Assert.Single(e.Failures),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_WithoutAdd_TellsWhatToCall()
    {
        await using var app = WebApplication.CreateBuilder().Build();
        Assert.Contains(
            "AddSessionReplay", Assert.Throws<InvalidOperationException>(() => app.MapSessionReplay()).Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Configuration(params (string Path, string Value)[] settings)
    {
        var all = settings.Select(setting => KeyValuePair.Create($"SessionReplay:{setting.Path}", (string?)setting.Value));
        return new ConfigurationBuilder().AddInMemoryCollection(all.GroupBy(pair => pair.Key).Select(group => group.Last())).Build();
    }

    private static IEnumerable<HealthCheckRegistration> HealthChecks(ServiceProvider provider, string kind) =>
        provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations
            .Where(check => check.Name.Contains(kind, StringComparison.Ordinal));

    private static ServiceProvider Build(TempFolder folder, Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        var environment = Substitute.For<IHostEnvironment>();
        environment.ContentRootPath.Returns(folder.FullPath);
        services.AddSingleton(environment);
        add(services);
        return services.BuildServiceProvider();
    }
}
