using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Storage.Replication;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Storage.Tests.Replication;

public sealed class ReplicatedStorageAdapterTests : IDisposable
{
    private const string Replicated = "SessionReplay:Storage:Replicated";

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string?> _settings;

    public ReplicatedStorageAdapterTests() => _settings = new()
    {
        ["SessionReplay:Storage:Provider"] = "Replicated",
        [$"{Replicated}:Primary:Name"] = "a",
        [$"{Replicated}:Primary:Provider"] = "Local",
        [$"{Replicated}:Primary:Local:Path"] = _folder.File("a"),
        [$"{Replicated}:Secondaries:0:Name"] = "b",
        [$"{Replicated}:Secondaries:0:Provider"] = "local",
        [$"{Replicated}:Secondaries:0:Local:Path"] = _folder.File("b"),
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Configure_TwoLocalMembers_WritesBoth()
    {
        await using var provider = Build();
        using var content = new MemoryStream([1]);

        await provider.GetRequiredService<IBlobStore>().PutAsync("a/x.bin", content, 1, default);

        Assert.True(File.Exists(Path.Combine(_folder.File("a"), "a", "x.bin")));
        Assert.True(File.Exists(Path.Combine(_folder.File("b"), "a", "x.bin")));
    }

    [SkippableFact]
    public async Task Configure_TwoS3MembersWithDifferentSettings_WritesBoth()
    {
        await using var server = new S3rver();
        await server.StartProcessAsync();
        foreach (var (member, prefix) in new[] { ("Primary", "first/"), ("Secondaries:0", "second/") })
        {
            _settings[$"{Replicated}:{member}:Provider"] = "S3";
            _settings[$"{Replicated}:{member}:S3:Preset"] = "MinIO";
            _settings[$"{Replicated}:{member}:S3:ServiceUrl"] = server.ServiceUrl;
            _settings[$"{Replicated}:{member}:S3:Bucket"] = S3rver.Bucket;
            _settings[$"{Replicated}:{member}:S3:AccessKey"] = S3rver.AccessKey;
            _settings[$"{Replicated}:{member}:S3:SecretKey"] = S3rver.SecretKey;
            _settings[$"{Replicated}:{member}:S3:KeyPrefix"] = prefix;
        }

        await using var provider = Build();
        using var content = new MemoryStream([1]);
        await provider.GetRequiredService<IBlobStore>().PutAsync("a/x.bin", content, 1, default);

        var members = provider.GetRequiredService<ReplicaSet>().Members;
        Assert.Equal(["a/x.bin"], await LocalReplicas.KeysAsync(members[0].Store));
        Assert.Equal(["a/x.bin"], await LocalReplicas.KeysAsync(members[1].Store));
        Assert.NotSame(members[0].Store, members[1].Store);
    }

    [Fact]
    public async Task AddReplicatedStorage_InCode_TakesAnyBlobStore()
    {
        var builder = new TestBuilder();
        builder.Services.AddLogging();
        builder.AddReplicatedStorage(members => members
            .Add("local", member => member.AddLocalBlobStore(options => options.Path = _folder.File("a")))
            .Add("own", member => member.Services.AddSingleton<IBlobStore>(new InterruptibleBlobStore(
                new Storage.Blobs.LocalBlobStore(
                    Options.Create(new Storage.Blobs.LocalBlobStoreOptions { Path = _folder.File("b") }), TimeProvider.System)))));
        await using var provider = builder.Services.BuildServiceProvider();
        using var content = new MemoryStream([1]);

        await provider.GetRequiredService<IBlobStore>().PutAsync("a/x.bin", content, 1, default);

        Assert.True(File.Exists(Path.Combine(_folder.File("b"), "a", "x.bin")));
    }

    [Theory]
    [InlineData("Secondaries:0:Name", "a", "another member has the name 'a'")]
    [InlineData("Secondaries:0:Name", "No Name", "must have 1 to 32 characters")]
    [InlineData("Secondaries:0:Provider", "Tape", "'SessionReplay:Storage:Replicated:Secondaries:0:Provider' is 'Tape', which is unknown")]
    [InlineData("Secondaries:0:Provider", "Replicated", "cannot be a member of another")]
    [InlineData("Secondaries:0:Provider", null, "'SessionReplay:Storage:Replicated:Secondaries:0:Provider' is missing")]
    [InlineData("Primary:Name", null, "'SessionReplay:Storage:Replicated:Primary:Name' is missing")]
    public void Configure_BadMember_SaysWhichAndWhy(string setting, string? value, string says)
    {
        _settings[$"{Replicated}:{setting}"] = value;

        Assert.Contains(says, Assert.ThrowsAny<Exception>(() => Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Configure_OneMember_Throws()
    {
        foreach (var key in _settings.Keys.Where(key => key.Contains("Secondaries", StringComparison.Ordinal)).ToList())
        {
            _settings.Remove(key);
        }

        Assert.Contains("2 to 8 members, not 1", Assert.Throws<ArgumentException>(() => Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_MembersOnOneFolder_Throws()
    {
        _settings[$"{Replicated}:Secondaries:0:Local:Path"] = _folder.File("a");
        await using var provider = Build();

        Assert.Contains(
            "Give each local member a Path of its own",
            Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IBlobStore>).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("S3", "Bucket", "is missing")]
    [InlineData("AzureBlob", "Bucket", "is missing")]
    [InlineData("Local", "Path", "is empty")]
    public async Task Resolve_MemberWithBadOptions_NamesTheMemberAndThePath(string adapter, string option, string says)
    {
        _settings[$"{Replicated}:Secondaries:0:Provider"] = adapter;
        _settings[$"{Replicated}:Secondaries:0:{adapter}:{option}"] = "";
        await using var provider = Build();

        var error = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IBlobStore>);
        Assert.Contains("'SessionReplay:Storage:Replicated:Secondaries:0' (b): ", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"'SessionReplay:Storage:Replicated:Secondaries:0:{adapter}:{option}' {says}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_MoreCopiesThanMembers_Throws()
    {
        _settings[$"{Replicated}:MinCopies"] = "3";
        await using var provider = Build();

        Assert.Contains(
            "'SessionReplay:Storage:Replicated:MinCopies' is more than the 2 members",
            Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IBlobStore>).Message, StringComparison.Ordinal);
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddSingleton<Microsoft.Extensions.Hosting.IHostEnvironment>(
            new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { ContentRootPath = _folder.FullPath,
                EnvironmentName = "Development" });
        services.AddSessionReplay(new ConfigurationBuilder().AddInMemoryCollection(_settings).Build());
        return services.BuildServiceProvider();
    }
}
