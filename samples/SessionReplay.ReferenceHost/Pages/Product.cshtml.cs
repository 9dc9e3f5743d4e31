using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SessionReplay.ReferenceHost.Shop;

namespace SessionReplay.ReferenceHost.Pages;

public sealed class ProductModel : PageModel
{
    public Product Product { get; private set; } = Assortment.Products[0];

    public string CategoryName => Assortment.Categories.First(category => category.Slug == Product.Category).Name;

    public IActionResult OnGet(string slug)
    {
        if (Assortment.Find(slug) is not { } product)
        {
            return NotFound();
        }

        Product = product;
        return Page();
    }
}
