using System.Runtime.CompilerServices;

namespace SessionReplay.ReferenceHost.Shop;

/// <summary>What is sold in the warehouse right now: one order every second or so, as every open page sees it.</summary>
public sealed class StockTicker(TimeProvider time)
{
    private static readonly string[] Towns = ["Bergen", "Lyon", "Gent", "Kraków", "Porto", "Graz", "Malmö", "Cork", "Trento", "Tartu"];

    public async IAsyncEnumerable<StockChange> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1200), time);
        for (var number = 1; await timer.WaitForNextTickAsync(cancellationToken); number++)
        {
            var product = Assortment.Products[Random.Shared.Next(Assortment.Products.Count)];
            yield return new StockChange(
                number, product.Slug, product.Name, Towns[Random.Shared.Next(Towns.Length)], Random.Shared.Next(3, 40),
                time.GetLocalNow().ToString("HH:mm:ss", null));
        }
    }
}
