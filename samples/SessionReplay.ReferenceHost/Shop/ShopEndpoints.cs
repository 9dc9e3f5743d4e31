using Microsoft.AspNetCore.Http.HttpResults;

namespace SessionReplay.ReferenceHost.Shop;

/// <summary>What the shop's pages call from script.</summary>
public static class ShopEndpoints
{
    public static void MapShop(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api");
        api.MapGet("/suggestions", (string? q) => Assortment.Search(q).Take(6).Select(p => new Suggestion(p.Slug, p.Name, p.Price)));
        api.MapPost(
            "/cart", (CartChange change, Cart cart) => Change(cart, () => cart.Add(change.Slug, Math.Clamp(change.Quantity, 1, 20))));
        api.MapPut("/cart", (CartChange change, Cart cart) => Change(cart, () => cart.Set(change.Slug, change.Quantity)));
        api.MapGet("/stock", (StockTicker ticker, CancellationToken cancellationToken) =>
            TypedResults.ServerSentEvents(ticker.FollowAsync(cancellationToken), eventType: "stock"));
        // The error page's buttons: an answer that fails, and an exception of the server.
        api.MapGet(
            "/vouchers/{code}", NotFound<VoucherAnswer> (string code) => TypedResults.NotFound(new VoucherAnswer($"No voucher '{code}'.")));
        api.MapGet("/delivery-estimate", string () => throw new InvalidOperationException("The delivery table has no row for today."));
    }

    private static CartAnswer Change(Cart cart, Action change)
    {
        change();
        return new CartAnswer(cart.Count, cart.Total, cart.Lines.ToDictionary(line => line.Product.Slug, line => line.Total));
    }

    internal sealed record Suggestion(string Slug, string Name, decimal Price);

    internal sealed record CartChange(string Slug, int Quantity);

    internal sealed record CartAnswer(int Count, decimal Total, Dictionary<string, decimal> Lines);

    internal sealed record VoucherAnswer(string Message);
}
