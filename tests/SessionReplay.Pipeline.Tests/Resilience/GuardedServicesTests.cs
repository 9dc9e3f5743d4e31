using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NSubstitute;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Resilience;

public sealed class GuardedServicesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<object[]> Guards() =>
        from guard in typeof(DependencyPipeline).Assembly.GetTypes()
        where guard.Name.StartsWith("Guarded", StringComparison.Ordinal)
        from contract in guard.GetInterfaces()
        where contract.Assembly == typeof(IBlobStore).Assembly
        select new object[] { guard, contract };

    /// <summary>A member with a body of its own in the interface would be inherited silently, and call the wrong one.</summary>
    [Theory]
    [MemberData(nameof(Guards))]
    public void Guard_EveryMember_IsForwarded(Type guard, Type contract) =>
        Assert.All(guard.GetInterfaceMap(contract).TargetMethods, method => Assert.False(method.DeclaringType!.IsInterface, method.Name));

    [Fact]
    public void Consumers_OfThePackage_AskForTheGuardedPart() =>
        Assert.All(
            from type in typeof(DependencyPipeline).Assembly.GetTypes()
            where !type.Name.StartsWith("Guarded", StringComparison.Ordinal)
            from constructor in type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            from parameter in constructor.GetParameters()
            where GuardedServices.Types.Contains(parameter.ParameterType) && !IsNotMadeByTheContainer(type)
            select (type, parameter),
            each => Assert.True(
                each.parameter.GetCustomAttribute<GuardedAttribute>() is not null,
                $"{each.type.Name}({each.parameter.Name}) is not [Guarded]."));

    [Fact]
    public async Task Parts_Chosen_AreAllThereBehindTheirPipelines()
    {
        await using var provider = Build(_ => { });

        Assert.All(GuardedServices.Types, type =>
        {
            var guarded = provider.GetRequiredKeyedService(type, GuardedServices.Key);
            Assert.StartsWith("Guarded", guarded.GetType().Name, StringComparison.Ordinal);
            Assert.NotSame(provider.GetRequiredService(type), guarded);
        });
    }

    [Fact]
    public async Task Adapter_RegisteredInCodeAfterwards_IsGuardedAndSeenAsItIs()
    {
        var queue = Substitute.For<IMessageQueue>();
        queue.MaxMessageBytes.Returns(77);
        await using var provider = Build(builder => builder.Services.AddSingleton(queue));

        Assert.Same(queue, provider.GetRequiredService<IMessageQueue>());
        Assert.Equal(77, provider.GetRequiredKeyedService<IMessageQueue>(GuardedServices.Key).MaxMessageBytes);
    }

    [Fact]
    public async Task Adapter_RegisteredPastTheBuilder_IsGuardedToo()
    {
        var queue = Substitute.For<IMessageQueue>();
        queue.MaxMessageBytes.Returns(78);
        await using var provider = Build(_ => { }, services => services.AddSingleton(queue));

        Assert.Equal(78, provider.GetRequiredKeyedService<IMessageQueue>(GuardedServices.Key).MaxMessageBytes);
    }

    [Fact]
    public async Task KeysOfCiphers_StoreIsAway_OpenItsBreaker()
    {
        var keys = Substitute.For<IKeyStore, IKeyRotationStore>();
        keys.FindAsync(Arg.Any<DataKeyId>(), Arg.Any<CancellationToken>())
            .Returns<ValueTask<DataKeyEntry?>>(_ => throw new KeyStoreUnavailableException("away"));
        await using var provider = Build(builder => builder.Services.AddSingleton(keys));
        var ciphers = provider.GetRequiredService<ISessionCipherProvider>();
        KeyStoreUnavailableException error = null!;
        for (var i = 0; i < 10; i++)
        {
            error = await Assert.ThrowsAsync<KeyStoreUnavailableException>(() =>
                ciphers.GetOrCreateAsync(new(new("shop"), SessionId.Create(TimeProvider.System)), Upload.Secret, default).AsTask());
        }

        Assert.NotNull(error.RetryAfter);
        Assert.Equal(BreakerState.Open, provider.GetRequiredService<DependencyPipelines>().KeyStore.State);
    }

    [Fact]
    public async Task AuditEntry_LogIsAway_IsAppendedOnce()
    {
        using var fixture = new DependencyPipelineFixture(Dependency.AuditLog);
        var audit = Substitute.For<IAuditLog>();
        audit.AppendAsync(Arg.Any<AuditEntry>(), Arg.Any<CancellationToken>()).Returns(_ => throw new CatalogUnavailableException("away"));
        var entry = new AuditEntry { At = default, Actor = "a", Action = "b", Allowed = true };

        await Assert.ThrowsAsync<CatalogUnavailableException>(
            () => new GuardedAuditLog(audit, fixture.DependencyPipeline).AppendAsync(entry, default).AsTask());

        await audit.Received(1).AppendAsync(entry, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Claim_CatalogIsAway_IsMadeOnce_AndOtherCallsAgain()
    {
        using var fixture = new DependencyPipelineFixture(Dependency.Catalog, options => options.MinimumThroughput = 100);
        var lifecycle = Substitute.For<ISessionLifecycle>();
        lifecycle.ClaimForCompactionAsync(default, default, default, default, default)
            .ReturnsForAnyArgs<ValueTask<IReadOnlyList<CompactionClaim>>>(_ => throw new CatalogUnavailableException("away"));
        lifecycle.EndSessionsAsync(default, default, default, default)
            .ReturnsForAnyArgs(_ => throw new CatalogUnavailableException("away"), _ => ValueTask.FromResult(5));
        var guarded = new GuardedSessionLifecycle(lifecycle, fixture.DependencyPipeline);

        await Assert.ThrowsAsync<CatalogUnavailableException>(
            () => guarded.ClaimForCompactionAsync(1, default, default, default, default).AsTask());
        Assert.Equal(5, await fixture.PassAsync(guarded.EndSessionsAsync(default, default, default, default).AsTask()));

        await lifecycle.ReceivedWithAnyArgs(1).ClaimForCompactionAsync(default, default, default, default, default);
        await lifecycle.ReceivedWithAnyArgs(2).EndSessionsAsync(default, default, default, default);
    }

    /// <summary>Made by hand, of a part that was guarded before.</summary>
    private static bool IsNotMadeByTheContainer(Type type) => type.Name is "SegmentStream" or "ObjectCopy" or "HeldChunkCopy";

    private ServiceProvider Build(Action<ISessionReplayBuilder> build, Action<IServiceCollection>? after = null)
    {
        var services = new ServiceCollection();
        var environment = Substitute.For<IHostEnvironment>();
        environment.ContentRootPath.Returns(_folder.FullPath);
        services.AddSingleton(environment);
        build(services.AddSessionReplay(new ConfigurationBuilder().Build()));
        after?.Invoke(services);
        return services.BuildServiceProvider();
    }
}
